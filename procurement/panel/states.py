"""States and transitions of an expert's seat on a panel."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import OFFICERS_AND_EXPERTS, Role
from procurement.permissions import buyer, panelist


class PanelSeatStatus(States):
    DRAWN = State(_("已抽取，待声明"), ASKED, tone="soon")
    SEATED = State(_("评审中"), SERVING, tone="done")
    SUBMITTED = State(_("已提交"), ENDED, tone="done")
    EXCUSED = State(_("已回避"), DROPPED, tone="late")


class ExcuseGround(models.TextChoices):
    """The only grounds on which the buyer may replace an expert."""

    TIE = "tie", _("有利害关系，应当回避")
    ILL = "ill", _("因病或突发情况不能评审")
    UNREACHABLE = "unreachable", _("联系不上")
    CONDUCT = "conduct", _("违反评审纪律")


N = PanelSeatStatus


PANEL_SEAT = Lifecycle(
    label="procurement.PanelSeat",
    title=_("评审专家"),
    states=PanelSeatStatus,
    phases=(ASKED, SERVING, ENDED, DROPPED),
    starts=(
        Start(
            "draw",
            N.DRAWN,
            (buyer, THE_SYSTEM, panelist),
            _("抽取"),
            _("抽签抽取评审专家"),
            "政府采购法实施条例第三十九条",
        ),
    ),
    transitions=(
        Transition(
            "declare_free",
            N.in_phase(ASKED) >> N.SEATED,
            (panelist,),
            _("声明没有利害关系"),
            _("%(who)s的专家声明没有利害关系"),
            basis="政府采购法第十二条",
            lacks_by_day=True,
        ),
        Transition(
            "declare_tie",
            N.in_phase(ASKED) >> N.EXCUSED,
            (panelist,),
            _("有利害关系，回避"),
            _("%(who)s的专家声明有利害关系，回避"),
            basis="政府采购法第十二条",
            reason=True,
            primary=False,
        ),
        Transition(
            "propose_excuse",
            N.unfinished() >> STAYS,
            (buyer,),
            _("提出更换专家"),
            _("%(who)s提出更换专家，待另一人复核"),
            basis="政府采购法第十二条",
            reason=ExcuseGround,
            primary=False,
            proposal=True,
            fits="not_to_be_replaced",
        ),
        Transition(
            "refuse_excuse",
            N.unfinished() >> STAYS,
            (buyer,),
            _("不同意更换"),
            _("%(who)s不同意更换专家"),
            basis="政府采购法第十二条",
            apart_from=("propose_excuse",),
            reason=True,
            primary=False,
            fits="excusing",
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "excuse",
            N.unfinished() >> N.EXCUSED,
            (buyer,),
            _("复核并更换专家"),
            _("%(who)s复核并更换了专家"),
            basis="政府采购法第十二条",
            apart_from=("propose_excuse",),
            primary=False,
            consequence=_("这位专家的打分作废，重新抽签递补一位。"),
            fits="excusing",
            tells=OFFICERS_AND_EXPERTS,
        ),
        Transition(
            "score",
            N.in_phase(SERVING) >> STAYS,
            (panelist,),
            _("打分（边打边存）"),
            _("%(who)s的专家保存了打分"),
            basis="87号令第五十五条",
        ),
        Transition(
            "submit",
            N.in_phase(SERVING) >> N.SUBMITTED,
            (panelist,),
            _("提交打分"),
            _("%(who)s的专家提交了打分"),
            basis="87号令第五十五条",
            primary=False,
            consequence=_("提交后不能再改。"),
        ),
    ),
    clocks={N.DRAWN: "procurement.declaration"},
    proposals={"excusing": "excuse"},
)
