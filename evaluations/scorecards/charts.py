"""Charts as SVG made on the server by pygal, so that page and PDF show the same.

The charts of a scorecard are drawn once for the same numbers: drawing them took a quarter of its page.
Every chart has a sentence as its title and a table beside it in the template. Colours can be told apart by
colour-blind readers (Okabe and Ito's blue and vermilion), and lines also differ in shape.
"""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pygal
from pygal.style import Style

# pygal registers an import finder for its map plugins, of a kind that Python warns of; it is not needed here.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]


FONT = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"


OWN, OTHERS, LIMIT = "#0072b2", "#8a8a8a", "#d55e00"


STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#3a3f44",
    foreground_strong="#22272b",
    foreground_subtle="#c9c4ba",
    colors=(OWN, OTHERS, LIMIT, LIMIT),
    font_family=FONT,
    label_font_size=18,
    major_label_font_size=18,
    value_font_size=16,
    legend_font_size=18,
    title_font_size=18,
    opacity=".35",
    opacity_hover=".6",
    transition="0s",
    guide_stroke_color="#e4e0d8",
    major_guide_stroke_color="#d5d0c5",
)


#: No scripts and no outside addresses in a chart: nothing is fetched or run.
PLAIN: dict[str, Any] = {
    "js": [],
    "style": STYLE,
    "disable_xml_declaration": True,
    "show_legend": True,
    "legend_at_bottom": True,
    "width": 560,
    "height": 400,
    "explicit_size": True,
    "pretty_print": False,
    "margin": 12,
    "margin_left": 32,
    "margin_right": 84,
}


#: What pygal adds for its own script, which is not run; its ids would also repeat from chart to chart.
_SPARE = re.compile(r"<script.*?</script>|<!--.*?-->| id=\"activate-[^\"]*\"", re.DOTALL)


def _svg(chart: Any) -> str:
    return _SPARE.sub("", chart.render(is_unicode=True))


#: How many charts are kept of each sort, some 20 kB each.
KEPT = 200


@lru_cache(maxsize=KEPT)
def radar(
    labels: tuple[str, ...],
    own: tuple[float | None, ...],
    others: tuple[float | None, ...],
    names: tuple[str, str],
) -> str:
    """Shares (percent) by group, of the provider and the mean of its peers; None leaves a gap."""
    # The outermost ring has no number, for the first label is there.
    rings = [0, 20, 40, 60, 80, {"value": 100, "label": " "}]
    chart = pygal.Radar(fill=True, range=(0, 100), y_labels=rings, **PLAIN)
    chart.x_labels = list(labels)
    chart.add(names[0], list(own))
    chart.add(names[1], list(others), fill=False, stroke_style={"dasharray": "6, 4"})
    return _svg(chart)


@lru_cache(maxsize=KEPT)
def trend(
    labels: tuple[str, ...], own: tuple[float, ...], peers: tuple[float | None, ...], names: tuple[str, str]
) -> str:
    """Totals over rounds, beside the mean of the peers."""
    chart = pygal.Line(range=(0, 100), dots_size=5, **PLAIN)
    chart.x_labels = list(labels)
    chart.add(names[0], list(own), stroke_style={"width": 3})
    chart.add(names[1], list(peers), stroke_style={"dasharray": "6, 4"})
    return _svg(chart)


@lru_cache(maxsize=KEPT)
def peers(totals: tuple[tuple[float, bool], ...], name: str) -> str:
    """Totals of the peers from the lowest to the highest; only the provider's own bar is coloured and named."""
    chart = pygal.Bar(range=(0, 100), **{**PLAIN, "show_legend": False})
    chart.x_labels = [name if own else "" for _total, own in totals]
    chart.add(name, [{"value": total, "color": OWN if own else OTHERS} for total, own in totals])
    return _svg(chart)


def control(
    labels: Sequence[str],
    values: Sequence[float],
    centre: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    names: tuple[str, str, str, str],
) -> str:
    """A control chart: weekly values, the centre, and the limits."""
    chart = pygal.Line(dots_size=4, x_label_rotation=35, **{**PLAIN, "width": 760})
    chart.x_labels = list(labels)
    chart.add(names[0], list(values), stroke_style={"width": 3})
    chart.add(names[1], list(centre), show_dots=False)
    chart.add(names[2], list(low), show_dots=False, stroke_style={"dasharray": "6, 4"})
    chart.add(names[3], list(high), show_dots=False, stroke_style={"dasharray": "6, 4"})
    return _svg(chart)


def as_image(svg: str) -> str:
    """A chart as a data address for an ``img``."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
