"""States and transitions of a score sheet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluations.permissions import civil_affairs
from evaluations.sheets.permissions import scoring_civil_affairs, scoring_evaluator
from foundation.lifecycle.phases import ANSWERING, ASKED, DROPPED, SERVING, SUSPENDED
from foundation.lifecycle.states import STAYS, State, States, Trait
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import OFFICERS_AND_EXPERTS, Role


class ReplaceGround(models.TextChoices):
    """The only grounds on which an evaluator is replaced."""

    ILL = "ill", _("生病或事故，不能评分")
    LEFT = "left", _("已离岗或退出评估人员库")
    TIE = "tie", _("查实有利害关系")
    SILENT = "silent", _("超过时限没有声明或评分")


class VoidGround(models.TextChoices):
    """The only grounds on which submitted scores are voided."""

    TIE = "tie", _("查实有利害关系")
    COLLUSION = "collusion", _("查实串通、泄露评分")
    UNSEEN = "unseen", _("查实没有看证据就评分")


JUDGED_NOTHING = Trait("the evaluator has judged nothing of the provider")
PROPOSED_ABOUT = Trait("one person proposed something about it, and a second one decides")


class SheetStatus(States):
    DRAWN = State(_("待声明回避"), ASKED, tone="soon")
    SEATED = State(_("待评分"), SERVING, tone="done")
    SUBMITTED = State(_("已提交"), ANSWERING, tone="done")
    REPLACING = State(_("待第二人同意换人"), SUSPENDED, traits=(PROPOSED_ABOUT,))
    VOIDING = State(_("待第二人同意作废"), SUSPENDED, traits=(PROPOSED_ABOUT,))
    EXCUSED = State(_("已回避"), DROPPED, tone="late", traits=(JUDGED_NOTHING,))
    VOID = State(_("已作废"), DROPPED)


H = SheetStatus


#: Those that the evaluator has still to submit, or that may yet be another's.
UNFINISHED = SheetStatus.in_phase(ASKED, SERVING, SUSPENDED)


SHEET = Lifecycle(
    label="evaluations.ScoreSheet",
    title=_("评分表"),
    states=SheetStatus,
    phases=(ASKED, SERVING, ANSWERING, SUSPENDED, DROPPED),
    starts=(
        Start(
            "draw", H.DRAWN, (civil_affairs, THE_SYSTEM), _("抽取评估人员"), _("抽签抽中一名评估人员"), "S26"
        ),
    ),
    transitions=(
        Transition(
            "declare_free",
            H.in_phase(ASKED) >> H.SEATED,
            (scoring_evaluator,),
            _("声明无利害关系"),
            _("评估人员声明没有利害关系"),
            basis="S26",
            lacks_by_day=True,
        ),
        Transition(
            "declare_tie",
            H.in_phase(ASKED) >> H.EXCUSED,
            (scoring_evaluator,),
            _("申请回避"),
            _("评估人员申请回避"),
            basis="S26",
            reason=True,
            primary=False,
        ),
        Transition(
            "score",
            H.in_phase(SERVING) >> STAYS,
            (scoring_evaluator,),
            _("评分"),
            _("评估人员保存了评分"),
            basis="S26",
        ),
        Transition(
            "submit",
            H.in_phase(SERVING) >> H.SUBMITTED,
            (scoring_evaluator,),
            _("提交评分"),
            _("评估人员提交了评分"),
            basis="S26",
            primary=False,
            consequence=_("提交后不能再改。另一位评估人员的分数在双方都提交之后才看得到。"),
        ),
        Transition(
            "ask_to_replace",
            H.in_phase(ASKED, SERVING) >> H.REPLACING,
            (scoring_civil_affairs,),
            _("提出换人"),
            _("%(who)s提出换评估人员"),
            basis="S26",
            reason=ReplaceGround,
            primary=False,
            proposal=True,
            consequence=_("由另一人核实同意后，才另抽一名评估人员。"),
            tells=(Role.EVALUATOR,),
        ),
        Transition(
            "replace",
            H.REPLACING >> H.EXCUSED,
            (scoring_civil_affairs,),
            _("同意换人"),
            _("%(who)s核实后同意换人，另抽评估人员"),
            basis="S26",
            apart_from=("ask_to_replace",),
            consequence=_("重新抽签，抽签号随评分表公开。"),
            exactly=True,
            tells=OFFICERS_AND_EXPERTS,
        ),
        Transition(
            "keep",
            H.REPLACING >> H.DRAWN,
            (scoring_civil_affairs,),
            _("不同意换人"),
            _("%(who)s不同意换人，请评估人员继续"),
            basis="S26",
            reason=True,
            primary=False,
            apart_from=("ask_to_replace",),
            exactly=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "ask_to_void",
            H.in_phase(ANSWERING) >> H.VOIDING,
            (scoring_civil_affairs,),
            _("提出作废"),
            _("%(who)s提出评分表作废"),
            basis="S26",
            reason=VoidGround,
            primary=False,
            proposal=True,
            consequence=_("由另一人核实同意后才作废；同意之前不登记任何利害关系。"),
        ),
        Transition(
            "void",
            H.VOIDING >> H.VOID,
            (scoring_civil_affairs,),
            _("同意作废"),
            _("%(who)s核实后同意作废，另抽评估人员重评"),
            basis="S26",
            apart_from=("ask_to_void",),
            consequence=_("评分作废，另抽一名评估人员重新评分；查实的利害关系记入登记。"),
            exactly=True,
            tells=OFFICERS_AND_EXPERTS,
        ),
        Transition(
            "uphold",
            H.VOIDING >> H.SUBMITTED,
            (scoring_civil_affairs,),
            _("不同意作废"),
            _("%(who)s不同意作废，评分有效"),
            basis="S26",
            reason=True,
            primary=False,
            apart_from=("ask_to_void",),
            exactly=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "drop",
            H.unfinished() >> H.VOID,
            (THE_SYSTEM,),
            _("取消"),
            _("这一轮取消"),
            basis="S26",
            reason=True,
            from_any=True,
        ),
    ),
    clocks={H.DRAWN: "sheet.declaring", H.SEATED: "sheet.scoring"},
)
