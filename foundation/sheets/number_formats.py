"""How a spreadsheet shows a number, by the format of its cell."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.sheets.cells import Cell


def as_shown(value: float, style: str) -> Cell:
    """A number as its format shows it; a fault where the format shows another number."""
    exact = Decimal(format(value, ".15g"))
    if not exact.is_finite():
        return Cell(fault=_("不是数"))
    if style.lower() in ("general", "@"):
        return Cell(f"{exact.normalize():f}" if exact else "0")
    digits = _digits_of(style)
    padded = re.fullmatch(r"0{2,}", digits or "")
    if padded and exact >= 0 and exact == exact.to_integral_value():
        return Cell(f"{int(exact):0{len(digits or '')}d}")
    plain = re.fullmatch(r"[#,?]*0?(?:\.([0#?]+))?(%?)", digits or "")
    if digits and plain:
        shown = exact * 100 if plain[2] else exact
        kept = shown.quantize(Decimal(1).scaleb(-len(plain[1] or "")), ROUND_HALF_UP)
        if kept == shown:
            return Cell(f"{shown.normalize():f}{plain[2]}" if shown else f"0{plain[2]}")
    words = _("显示的和存的不一样（存的是 %(value)s，格式是 %(style)s），请改成文本或普通数字")
    return Cell(fault=words % {"value": f"{exact.normalize():f}", "style": style[:30]})


def _digits_of(style: str) -> str | None:
    """The digit placeholders of a format's section for positive numbers.

    None if the format has literals that could be read as part of the number, depends on a
    condition, or shows no digits.
    """
    section = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', style)[0]
    if re.search(r"\[[<>=]", section):
        return None
    section = re.sub(r"\[[^\]]*\]|[_*].", "", section)
    literals = re.findall(r'"([^"]*)"|\\(.)', section)
    if re.search(r"[0-9A-Za-z.,%/-]", "".join(a + b for a, b in literals)):
        return None
    bare = re.sub(r'"[^"]*"|\\.', "", section)
    bare = re.sub(rf"[\s$\u20ac\u00a3{typed.YUAN_SIGNS}{typed.BRACKETS}]|^[+-]", "", bare)
    return bare if re.search(r"[0#?]", bare) else None
