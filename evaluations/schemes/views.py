"""Pages of schemes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.indicators import formulas, measures
from evaluations.indicators.measures import MEASURES
from evaluations.schemes.models import Scheme
from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible


class Schemes(ListPage):
    """Every version of the scheme that the reader may see."""

    access = access(GET=JUDGES_AND_JUDGED)
    template = "evaluations/schemes/schemes.html"
    columns = (
        Column(gettext_lazy("名称"), "name"),
        Column(gettext_lazy("指标"), lambda row: len(row.leaves)),
        Column(gettext_lazy("权重合计"), lambda row: f"{row.weight:g}"),
        state_of(Scheme),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(Scheme.objects.visible_to(self.actor))


class ShowScheme(Page):
    """One scheme: the tree with weights, the vetoes, the grades, and what each grade brings."""

    access = access(GET=JUDGES_AND_JUDGED)
    template = "evaluations/schemes/scheme.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        scheme = find_visible(Scheme, self.actor, pk=pk)
        groups: dict[str, list[dict[str, Any]]] = {}
        for leaf in scheme.leaves:
            groups.setdefault(leaf["group"], []).append(_shown(leaf))
        return self.render(
            {
                "object": scheme,
                "groups": [
                    (name, sum(float(leaf["weight"]) for leaf in some), some) for name, some in groups.items()
                ],
                "brings": _brings(scheme),
                "transitions": scheme.transitions_for(self.actor),
                "editing": any(m.name == "set_indicator" for m in scheme.transitions_for(self.actor)),
                "timeline": timeline.entries_of([scheme]),
            }
        )


def _shown(leaf_: dict[str, Any]) -> dict[str, Any]:
    measure = MEASURES.get(leaf_.get("figure", ""))
    rubric = leaf_.get("rubric", "")
    shown = {**leaf_, "measure": measure}
    shown["levels"] = sorted(rubric.items(), reverse=True) if isinstance(rubric, dict) else [("", rubric)]
    if measure is not None:
        for end in ("zero", "full"):
            value = formulas.exactly(leaf_.get(end, getattr(measure, end)))
            shown[end] = measures.written(measure.key, value)
    return shown


def _brings(scheme: Scheme) -> list[tuple[str, str, list[str]]]:
    """(grade, its threshold, its consequences in words)."""
    names = {
        "excellent": _("优秀"),
        "good": _("良好"),
        "pass": _("合格"),
        "fail": _("不合格"),
        "veto": _("一票否决"),
    }
    found = []
    for key, name in names.items():
        brings = scheme.consequences.get(key, {})
        words = [_("支付比例 %(share).0f%%") % {"share": float(brings.get("payment_share", 1)) * 100}]
        if brings.get("bonus"):
            words.insert(0, _("匹配加分 %(bonus).1f%%") % {"bonus": float(brings["bonus"]) * 100})
        if brings.get("renewal"):
            words.append(_("依法可以优先续签"))
        if brings.get("advice"):
            words.append(_("书面建议"))
        if brings.get("suspend"):
            words.append(_("暂停承接新的转介"))
        if brings.get("rectify_days"):
            words.append(_("%(days)s 天内整改并复查") % {"days": brings["rectify_days"]})
        if brings.get("fails_to_exit"):
            words.append(_("连续 %(n)s 次提出退出") % {"n": brings["fails_to_exit"]})
        if brings.get("exit"):
            words.append(_("直接提出退出"))
        line = scheme.grades.get(key)
        found.append((name, f"≥ {line:g}" if line else "", words))
    return found
