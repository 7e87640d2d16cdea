"""Pages of early-warning signals with their control charts."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.indicators import measures
from evaluations.indicators.measures import MEASURES
from evaluations.scorecards import charts
from evaluations.warnings import warning
from evaluations.warnings.models import Signal
from evaluations.warnings.states import SignalStatus
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.rules import reading
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of, table
from foundation.ui.views import Page, find_visible
from foundation.wording import day

#: How many weeks a chart goes back.
WEEKS_SHOWN = 34


class Signals(ListPage):
    """The signals that the reader may see, newest first, and the providers with the most of them."""

    access = access_to(Signal)
    template = "evaluations/warnings/signals.html"
    choices = MappingProxyType({"status": SignalStatus.choices})
    columns = (
        Column(gettext_lazy("机构和指标"), str),
        Column(gettext_lazy("周"), lambda row: day(row.week)),
        Column(gettext_lazy("本周"), lambda row: measures.written(row.measure, row.value)),
        Column(
            gettext_lazy("平常范围"),
            lambda row: (
                f"{measures.written(row.measure, row.low)} — {measures.written(row.measure, row.high)}"
            ),
        ),
        state_of(Signal),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Signal.objects.visible_to(self.actor).select_related("provider__organization")
        return self.show_list(found, standings=warning.standings(found), rule=reading.current(warning.CHARTS))


class ShowSignal(Page):
    """One signal with its control chart."""

    access = access_to(Signal)
    template = "evaluations/warnings/signal.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Signal, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "measure": MEASURES[found.measure],
                "value": measures.written(found.measure, found.value),
                "centre": measures.written(found.measure, found.centre),
                "low": measures.written(found.measure, found.low),
                "high": measures.written(found.measure, found.high),
                "beyond": found.test == warning.BEYOND,
                "chart": _chart(found),
                "rule": reading.current(warning.CHARTS),
                "timeline": timeline.entries_of([found]),
            }
        )


def _chart(signal: Signal) -> dict[str, Any] | None:
    """The weeks up to the signal; None where they are too few for a chart."""
    first = signal.week - timedelta(weeks=WEEKS_SHOWN)
    own = warning.weekly(first, signal.week + timedelta(days=6), [signal.provider_id])
    # With too few weeks of its own, the chart has the centre that the signal was raised by.
    centre = Fraction(signal.centre).as_integer_ratio()
    rule = reading.current(warning.CHARTS).value
    weeks = own.get(signal.provider_id, {})
    points = warning.chart(signal.measure, weeks, centre, signal.week, rule)
    if len(points) < 2:
        return None
    factor = 100 if MEASURES[signal.measure].written == measures.SHARE else 1
    numbers = {
        name: [round(float(getattr(point, name)) * factor, 2) for point in points]
        for name in ("value", "centre", "low", "high")
    }
    labels = [f"{point.week:%m-%d}" for point in points]
    names = _("每周"), _("平常水平"), _("下限"), _("上限")
    image = charts.control(
        labels, numbers["value"], numbers["centre"], numbers["low"], numbers["high"], names
    )
    columns = (
        Column(_("周"), lambda point: day(point.week)),
        Column(_("值"), lambda point: measures.written(signal.measure, point.value)),
        Column(_("样本"), "n", "money"),
    )
    numbers_table = table(columns, reversed(points), stacked=False)
    return {"title": _("走势图"), "image": charts.as_image(image), "numbers": numbers_table}
