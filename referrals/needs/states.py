"""States and transitions of a need: from the window to a body, a provider or the conference, and back."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ANSWERING, ASKED, ENDED, PREPARED, SERVING, Phase
from foundation.lifecycle.states import STAYS, AnyOf, State, States, Trait
from foundation.lifecycle.table import ClockFor, Errand, Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import CONSIDERS_NEEDS, HANDLES_NEEDS, Role
from referrals.permissions import (
    helping_village,
    household,
    responsible_body,
    secretary,
    unheard_household,
    window,
)

#: At the window, which sends it to a body, to a provider or to the conference.
TO_SEND = Phase("to_send")

#: Help was given, and the household has not yet been told so.
HELPED = Trait("help was given")

#: The household knows the answer.
TOLD = Trait("its answer is known to the household")

#: A joint conference is to decide on it, whether or not one has been convened.
FOR_THE_CONFERENCE = Trait("waits for a joint conference")

#: Providers have been asked for it, and none has taken it yet.
OFFERED_OUT = Trait("providers are asked to take it")


class NeedStatus(States):
    PROPOSED = State(_("系统建议，待窗口确认"), PREPARED, tone="soon")
    OPEN = State(_("待分办"), TO_SEND, tone="soon")
    TRANSFERRED = State(_("已转办，待部门接办"), ASKED)
    CONFERENCE = State(_("提交联席会议"), ASKED, tone="soon", traits=(FOR_THE_CONFERENCE,))
    REFERRED = State(_("已转介，待机构答复"), ASKED, traits=(OFFERED_OUT,))
    IN_HAND = State(_("办理中"), SERVING)
    UNMET = State(_("尚未满足"), TO_SEND, tone="soon")
    DONE = State(_("已办完，待反馈"), ANSWERING, tone="done", traits=(HELPED,))
    REFUSED = State(_("不予批准，待告知"), ANSWERING, tone="late")
    FED_BACK = State(_("已反馈"), ANSWERING, tone="done", traits=(TOLD,))
    CLOSED = State(_("已办结"), ENDED, tone="done", traits=(TOLD,))


N = NeedStatus

#: The household knows the answer, and is asked what it thinks of it.
RATED = N.in_phase(ANSWERING) & N.with_trait(TOLD)


#: The clock of first help in an emergency, which runs until somebody has helped.
FIRST_HELP = "need.first_help"


NEED = Lifecycle(
    label="referrals.Need",
    followers=(Role.HOUSEHOLD,),
    title=_("需求"),
    states=NeedStatus,
    phases=(PREPARED, TO_SEND, ASKED, SERVING, ANSWERING, ENDED),
    starts=(
        Start("add", N.OPEN, (window,), _("登记需求"), _("%(who)s登记了需求"), "S7"),
        Start(
            "propose",
            N.PROPOSED,
            (THE_SYSTEM,),
            _("建议补充救助"),
            _("政府救助后可能仍有困难，系统建议补充救助"),
            "S30",
        ),
    ),
    transitions=(
        Transition(
            "confirm",
            N.in_phase(PREPARED) >> N.OPEN,
            (window,),
            _("确认有困难"),
            _("%(who)s核实后确认仍有困难"),
            basis="S30",
            at_once=True,
        ),
        Transition(
            "drop",
            N.in_phase(PREPARED) >> N.CLOSED,
            (window,),
            _("没有困难了"),
            _("%(who)s核实后认为不需要补充救助"),
            basis="S30",
            reason=True,
            kept_in="text",
            primary=False,
        ),
        Transition(
            "transfer",
            N.in_phase(TO_SEND) >> N.TRANSFERRED,
            (window,),
            _("转办责任部门"),
            _("%(who)s把需求转给责任部门"),
            basis="S14",
        ),
        Transition(
            "refer",
            N.in_phase(TO_SEND) >> N.REFERRED,
            (THE_SYSTEM,),
            _("转介"),
            _("%(who)s把需求转介给社会力量"),
            basis="S16",
        ),
        Transition(
            "bring_to_conference",
            N.in_phase(TO_SEND) >> N.CONFERENCE,
            (window,),
            _("提交联席会议"),
            _("%(who)s提交联席会议研究"),
            basis="S15",
            reason=True,
            kept_in="text",
            primary=False,
        ),
        Transition(
            "decide_transfer",
            N.CONFERENCE >> N.TRANSFERRED,
            (secretary,),
            _("议定责任部门"),
            _("联席会议议定由责任部门办理"),
            basis="S31",
            reason=True,
            kept_in="text",
            exactly=True,
            tells=(Role.WINDOW,),
        ),
        Transition(
            "decide_refer",
            N.CONFERENCE >> N.OPEN,
            (secretary,),
            _("议定转介社会力量"),
            _("联席会议议定转介社会力量"),
            otherwise=_("联席会议请窗口补充走访后再议"),
            basis="S30",
            reason=True,
            kept_in="text",
            primary=False,
            exactly=True,
        ),
        Transition(
            "take_up",
            N.TRANSFERRED >> N.IN_HAND,
            (responsible_body,),
            _("接办"),
            _("%(who)s接办"),
            basis="S17",
            at_once=True,
            exactly=True,
        ),
        Transition(
            "ask_papers",
            N.in_phase(SERVING) >> STAYS,
            (responsible_body,),
            _("一次性告知补材料"),
            _("%(who)s一次性告知需要补齐的材料"),
            basis="S12",
            primary=False,
        ),
        Transition(
            "add_papers",
            N.in_phase(SERVING) >> STAYS,
            (responsible_body,),
            _("材料已补齐"),
            _("%(who)s确认材料已经补齐"),
            basis="S12",
            primary=False,
            fits="lacks_papers",
        ),
        Transition(
            "grant",
            AnyOf(N.TRANSFERRED, *N.in_phase(SERVING)) >> N.DONE,
            (responsible_body,),
            _("批准并办完"),
            _("%(who)s批准并办完"),
            basis="S19",
            exactly=(N.TRANSFERRED,),
        ),
        Transition(
            "refuse",
            AnyOf(N.TRANSFERRED, *N.in_phase(SERVING)) >> N.REFUSED,
            (responsible_body,),
            _("不予批准"),
            _("%(who)s作出不予批准的决定"),
            basis="S18",
            reason=True,
            primary=False,
            consequence=_("申请人将收到写明理由的书面通知，并被告知申诉途径。"),
            kept_in="refusal",
            exactly=(N.TRANSFERRED,),
        ),
        Transition(
            "begin_service",
            N.REFERRED >> N.IN_HAND,
            (THE_SYSTEM,),
            _("开始服务"),
            _("%(who)s接受转介，开始服务"),
            basis="S28",
            exactly=True,
        ),
        Transition(
            "return_to_window",
            N.REFERRED >> N.OPEN,
            (THE_SYSTEM,),
            _("退回窗口"),
            _("这次转介没有成功，回到窗口另选"),
            basis="S16",
            exactly=True,
        ),
        Transition(
            "fall_short",
            AnyOf(N.REFERRED, *N.in_phase(SERVING)) >> N.UNMET,
            (THE_SYSTEM,),
            _("尚未满足"),
            _("这项需求尚未满足，回到窗口"),
            basis="S22",
            exactly=(N.REFERRED,),
        ),
        Transition(
            "finish_service",
            N.in_phase(SERVING) >> N.DONE,
            (THE_SYSTEM,),
            _("服务完成"),
            _("%(who)s完成服务"),
            basis="S19",
        ),
        Transition(
            "feed_back",
            AnyOf(N.DONE, N.REFUSED) >> N.FED_BACK,
            (responsible_body, THE_SYSTEM),
            _("反馈结果"),
            _("%(who)s把结果告诉申请人和窗口"),
            basis="S19",
            exactly=True,
        ),
        Transition(
            "rate",
            N.FED_BACK >> N.FED_BACK,
            (unheard_household, window, THE_SYSTEM),
            _("评价"),
            _("已收到满意度评价"),
            basis="S20",
            primary=(Role.HOUSEHOLD,),
            exactly=True,
        ),
        Transition(
            "end_with_death",
            N.unfinished() >> N.CLOSED,
            (THE_SYSTEM,),
            _("因去世办结"),
            _("申请人去世，这项需求办结，不再回访"),
            basis="S22",
            from_any=True,
            tells=HANDLES_NEEDS,
        ),
        Transition(
            "close",
            N.FED_BACK >> N.CLOSED,
            (window,),
            _("办结"),
            _("%(who)s核实后办结"),
            basis="S20",
            exactly=True,
            tells=CONSIDERS_NEEDS,
        ),
    ),
    clocks={
        N.PROPOSED: "need.supplement",
        N.OPEN: "need.transfer",
        N.TRANSFERRED: "need.take_up",
        N.CONFERENCE: "need.conference",
        N.IN_HAND: ClockFor(lambda need: need.body_id is not None, "need.handling", ""),
        N.UNMET: "need.unmet",
        N.DONE: "need.feed_back",
        N.REFUSED: "need.feed_back",
        N.FED_BACK: "need.closing",
    },
    errands={
        N.IN_HAND: Errand(
            "bring_papers", (), _("补齐材料"), fits="lacks_papers", besides=(household, *helping_village)
        )
    },
    looks_at=("matter__paper_requests",),
    spanning=(FIRST_HELP,),
    late={FIRST_HELP: (Role.WINDOW,)},
)
