"""The automatic measures: definition, scale and words of each.

The rows behind a measure come from ``evaluations.indicators.records``; ``evaluations.indicators.formulas``
makes a value of the counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluations.indicators import formulas
from evaluations.indicators.formulas import Figure
from foundation.lifecycle.table import Words

#: The source of most definitions.
FROM_REFERRALS = _("转介记录")


#: How a value is written: as a share, hours, marks or a ratio.
SHARE, HOURS, MARKS, RATIO = "share", "hours", "marks", "ratio"


@dataclass(frozen=True)
class Measure:
    """A measure. ``yes`` and ``all`` name the counters of ``records``; ``zero`` and ``full`` are the values
    that bring no points and all points where a scheme does not set its own. ``source`` names its rows.
    """

    key: str
    title: Words
    definition: Words
    source: str
    yes: str
    all: str
    written: str = SHARE
    zero: str = "0"
    full: str = "1"
    adjusted: bool = False
    origin: Words = FROM_REFERRALS
    advice: Words = ""

    @property
    def higher_is_better(self) -> bool:
        """Whether a higher value is better."""
        return formulas.exactly(self.full) > formulas.exactly(self.zero)


MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        Measure(
            "answered",
            _("按时答复"),
            _("评估期内答复或超时的转介里，在时限内答复（接受或婉拒）的比例。"),
            "in_time",
            "answered_yes",
            "answered_all",
            advice=_("给协调员安排替班，手机上也能答复，不要让转介超时。"),
        ),
        Measure(
            "hours",
            _("答复用时"),
            _("评估期内答复的转介，从发出到答复平均用了多少小时。"),
            "answers",
            "seconds",
            "answers",
            HOURS,
            "48",
            "4",
            advice=_("收到转介当天就答复，急难的 4 小时内答复。"),
        ),
        Measure(
            "accepted",
            _("接受比例"),
            _("评估期内答复的转介里接受的比例，按个案难度调整：和别家接同类个案的比例相比。"),
            "answers",
            "accepted_yes",
            "answers",
            adjusted=True,
            advice=_("看看婉拒的是哪一类个案，补人手或调整申报的名额。"),
        ),
        Measure(
            "contact",
            _("按时首次联系"),
            _("评估期内完成首次联系的个案里，没有超过首次联系时限的比例。"),
            "contacts",
            "contact_yes",
            "contact_all",
            advice=_("接受转介当天就约好首次上门。"),
        ),
        Measure(
            "visits",
            _("按计划服务"),
            _("评估期内结束的个案，实际服务数量占计划数量的比例。"),
            "services",
            "units_yes",
            "units_all",
            advice=_("排班时对照计划，缺的次数在当月补上。"),
        ),
        Measure(
            "completed",
            _("服务完成率"),
            _("评估期内结束的个案里，做到完成（不是提前结束）的比例。"),
            "services",
            "completed_yes",
            "services",
            advice=_("每月回顾计划，家庭情况变了就改计划，不要拖到中断。"),
        ),
        Measure(
            "continuity",
            _("服务连续性"),
            _("评估期内结束的个案里，不是由机构提前结束的比例。"),
            "services",
            "kept_yes",
            "services",
            advice=_("人员离开前先交接，不要由机构中断服务。"),
        ),
        Measure(
            "goals",
            _("目标达成"),
            _("评估期内完成的个案里，目标达到或超过预期（5 级里的 3 级以上）的比例，按个案难度调整。"),
            "services",
            "goals_yes",
            "completed_yes",
            adjusted=True,
            advice=_("和家庭一起把目标定得具体、可以检验，每月对照一次。"),
        ),
        Measure(
            "satisfaction",
            _("家庭满意度"),
            _("家庭对结果的评价，1 到 5 分的平均；一户从两个渠道评价的合为一户。答卷少时向全市平均靠拢。"),
            "satisfaction",
            "marks",
            "marks_all",
            MARKS,
            "1",
            "5",
            origin=_("满意度回访"),
            advice=_("服务结束时说清结果，把意见当天记下来并答复。"),
        ),
        Measure(
            "complaints",
            _("投诉率"),
            _("评估期内对机构的投诉件数，除以同期接受的转介数。"),
            "complaints",
            "complaints",
            "accepted_yes",
            RATIO,
            "0.1",
            "0",
            origin=_("投诉"),
            advice=_("投诉当天联系家庭，同类问题一次改掉。"),
        ),
        Measure(
            "unit_cost",
            _("单位成本"),
            _("评估期内交付的服务，按合同单价的金额与按目录指导价上限的金额之比。"),
            "deliveries",
            "cost_fen",
            "guide_fen",
            RATIO,
            "1.2",
            "1",
            origin=_("合同与交付"),
            advice=_("续签时对照目录指导价核定单价。"),
        ),
        Measure(
            "accounts",
            _("结算属实"),
            _("验收抽查的服务数量里，核实属实的比例。"),
            "samples",
            "found",
            "claimed",
            origin=_("结算与抽查"),
            advice=_("按实际次数申报，每次服务请家庭用确认码或签字确认。"),
        ),
        Measure(
            "records",
            _("记录质量"),
            _("评估期内登记的服务记录里，两天内登记并经家庭确认（确认码、签字或当面）的比例。"),
            "visits",
            "records_yes",
            "records_all",
            advice=_("服务当天用手机登记，请家庭报确认码。"),
        ),
    )
}


def figure_of(key: str, evidence: Mapping[str, Any], survey: Mapping[str, Any]) -> Figure | None:
    """The figure of one measure from the counts of a provider and of the other providers; None for no data.

    ``evidence`` has the shape of ``tallies.evidence``; ``survey`` holds ``prior`` and ``enough`` of the
    scheme.
    """
    measure = MEASURES[key]
    counts = evidence["counts"]
    if key == "satisfaction":
        others = evidence["others_marks"]
        return formulas.satisfaction(
            counts.get("marks", 0),
            counts.get("squares", 0),
            counts.get("marks_all", 0),
            (others[0], others[1]),
            int(survey["prior"]),
            int(survey["enough"]),
        )
    count = counts.get(measure.yes, 0), counts.get(measure.all, 0)
    if measure.adjusted:
        own, theirs = (
            {mix: (sums.get(measure.yes, 0), sums.get(measure.all, 0)) for mix, sums in cells.items()}
            for cells in (evidence["mix"], evidence["others"])
        )
        return formulas.adjusted(own, theirs)
    if measure.written == HOURS:
        found = formulas.ratio(count)
        return None if found is None else _in_hours(found)
    if key == "unit_cost":
        # A quotient of two amounts: its sample size is the number of deliveries.
        return formulas.ratio(count, counts.get("deliveries", 0))
    return formulas.share(count) if measure.written == SHARE else formulas.ratio(count)


def _in_hours(found: Figure) -> Figure:
    hours = found.value / 3600
    return Figure(hours, found.n, hours, hours, hours)


def written(key: str, value: Fraction | float) -> str:
    """A value as people read it, such as 93.4%, 3.2 小时, 4.6 分, 1.04."""
    number = float(value)
    match MEASURES[key].written:
        case "share":
            return f"{number:.1%}"
        case "hours":
            return str(_("%(n).1f 小时")) % {"n": number}
        case "marks":
            return str(_("%(n).2f 分")) % {"n": number}
    return f"{number:.3f}"
