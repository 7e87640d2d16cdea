"""Schemes are drafted, and adopted by another person; in use they are frozen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from evaluations.indicators import SHARES
from evaluations.lifecycle import SCHEME
from evaluations.models import Scheme
from foundation.refusals import Invalid
from foundation.roles import Actor

SOURCES = ("automatic", "survey", "scored")


@SCHEME.start("draft")
def draft(*, by: Actor, name: str, indicators: list[dict[str, Any]]) -> Scheme:
    """Draft a scheme; raises ``Invalid`` unless weights sum to 100 and keys differ."""
    fault = _fault_of(indicators)
    if fault:
        raise Invalid(fault, fields={"indicators": fault}, rule="S26")
    return Scheme.objects.create(name=name, indicators=indicators)


def _fault_of(indicators: Any) -> str:
    if not isinstance(indicators, list) or not indicators:
        return _("请列出指标。")
    for each in indicators:
        if not isinstance(each, dict) or not {"key", "title", "weight", "source"} <= each.keys():
            return _("每个指标要有 key、title、weight、source。")
        if each["source"] not in SOURCES:
            return _("指标来源只能是 automatic、survey 或 scored。")
        if not isinstance(each["weight"], int | float) or each["weight"] <= 0:
            return _("权重必须是正数。")
        if each["source"] == "automatic" and each.get("figure", "") not in (*SHARES, ""):
            return _("没有这个自动指标:%(figure)s。") % {"figure": each["figure"]}
    if len({each["key"] for each in indicators}) != len(indicators):
        return _("指标的 key 不能重复。")
    total = sum(each["weight"] for each in indicators)
    if abs(total - 100) > 1e-9:
        return _("权重合计应为 100,现在是 %(total)g。") % {"total": total}
    return ""


@SCHEME.move("adopt")
def adopt(scheme: Scheme, *, by: Actor) -> None:
    """Put the scheme in use."""
