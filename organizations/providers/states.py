"""The lifecycle of a provider: accreditation, suspension, exit and return."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING, SUSPENDED
from foundation.lifecycle.states import STAYS, AnyOf, State, States
from foundation.lifecycle.table import ClockFor, Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import AGREES, ANSWERS_FOR_A_PROVIDER, TOLD_OF_ACCREDITATIONS, Role
from organizations.permissions import civil_affairs, its_people

#: Who may supply (财政部令102号, article 6).
BASIS = "102号令第六条"


class Standing(States):
    """The states of a provider."""

    PREPARING = State(_("材料准备中"), ASKED)
    REGISTERED = State(_("已登记，待查验"), ASKED)
    RETURNED = State(_("已退回补正"), ASKED, tone="soon")
    DOCUMENTS_CHECKED = State(_("材料已查验"), ASKED)
    ACCREDITED = State(_("已准入"), SERVING, tone="done")
    SUSPENDED = State(_("已暂停"), SUSPENDED, tone="late")
    EXITED = State(_("已退出"), ENDED, tone="late")
    REJECTED = State(_("未获准入"), DROPPED, tone="late")
    WITHDRAWN = State(_("已撤回登记"), DROPPED)
    LAPSED = State(_("登记已失效"), DROPPED)


S = Standing

#: The states in which a provider fills in its facts itself, and nobody else is awaited.
FILLING_IN = AnyOf(S.PREPARING, S.RETURNED)

#: The state in which what was handed in has been checked, and is decided on.
TO_BE_DECIDED = AnyOf(S.DOCUMENTS_CHECKED)

#: The states in which civil affairs looks at what was handed in.
BEING_CHECKED = AnyOf(S.REGISTERED, S.DOCUMENTS_CHECKED)

#: How long documents may be prepared, or mended; not of one that comes back after an exit, which has a history here.
COMPLETION = ClockFor(lambda provider: provider.on_return, "", "provider.completion")


PROVIDER = Lifecycle(
    label="organizations.Provider",
    title=_("承接主体"),
    states=Standing,
    phases=(ASKED, SERVING, SUSPENDED, ENDED, DROPPED),
    starts=(
        Start(
            "register", S.REGISTERED, (civil_affairs,), _("登记承接主体"), _("%(who)s登记了这家机构"), BASIS
        ),
        Start("join", S.PREPARING, (THE_SYSTEM,), _("登记入驻"), _("这家机构自己登记"), BASIS),
    ),
    transitions=(
        Transition(
            "fill_in",
            FILLING_IN >> STAYS,
            its_people,
            _("填写资料"),
            _("%(who)s填写了机构资料"),
            basis=BASIS,
            primary=False,
            exactly=True,
        ),
        Transition(
            "hand_in",
            FILLING_IN >> S.REGISTERED,
            its_people,
            _("提交查验"),
            _("%(who)s提交了准入材料"),
            basis=BASIS,
            exactly=True,
            lacks_by_day=True,
        ),
        Transition(
            "check_documents",
            S.REGISTERED >> S.DOCUMENTS_CHECKED,
            (civil_affairs,),
            _("查验材料"),
            _("%(who)s查验了登记证书和资质材料"),
            basis=BASIS,
            exactly=True,
        ),
        Transition(
            "return_documents",
            BEING_CHECKED >> S.RETURNED,
            (civil_affairs,),
            _("退回补正"),
            _("%(who)s退回了准入材料，一次性告知要补正的内容"),
            basis="S12",
            primary=False,
            exactly=True,
        ),
        Transition(
            "accredit",
            S.DOCUMENTS_CHECKED >> S.ACCREDITED,
            (civil_affairs,),
            _("准予承接"),
            _("%(who)s准予这家机构承接服务"),
            basis="S27",
            apart_from=("check_documents",),
            exactly=True,
            lacks_by_day=True,
            tells=ANSWERS_FOR_A_PROVIDER,
        ),
        Transition(
            "reject",
            S.in_phase(ASKED) >> S.REJECTED,
            (civil_affairs,),
            _("不予准入"),
            _("%(who)s决定不予准入"),
            basis=BASIS,
            reason=True,
            primary=False,
            fits="comes_first",
            consequence=_(
                "登记到此结束，这家机构的账号不能再用，理由用短信或邮件告知（没有接的请打电话）；以后要承接，用同一个信用代码重新登记。"
            ),
        ),
        Transition(
            "withdraw",
            S.in_phase(ASKED) >> S.WITHDRAWN,
            its_people,
            _("撤回登记"),
            _("%(who)s撤回了登记"),
            basis=BASIS,
            reason=True,
            primary=False,
            fits="comes_first",
            consequence=_("登记到此结束，本机构的账号不能再用；以后要承接，用同一个信用代码重新登记。"),
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "lapse",
            FILLING_IN >> S.LAPSED,
            (THE_SYSTEM,),
            _("登记失效"),
            _("材料过期没有提交，登记失效"),
            basis=BASIS,
            at=("provider.completion",),
            fits="comes_first",
            exactly=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "reopen",
            S.in_phase(DROPPED) >> S.REGISTERED,
            (civil_affairs,),
            _("重新受理登记"),
            _("%(who)s重新受理了登记"),
            basis=BASIS,
            reason=True,
            primary=False,
            fits="may_be_reopened",
        ),
        Transition(
            "check_again",
            S.in_phase(SERVING, SUSPENDED) >> STAYS,
            (civil_affairs,),
            _("续期查验"),
            _("%(who)s为续期查验了材料"),
            basis=BASIS,
            primary=False,
            apart_from=("ask_renewal",),
            proposal=True,
        ),
        Transition(
            "ask_renewal",
            S.in_phase(SERVING, SUSPENDED) >> STAYS,
            its_people,
            _("申请续期"),
            _("%(who)s申请续期"),
            basis=BASIS,
            primary=False,
            proposal=True,
            lacks_by_day=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "return_renewal",
            S.in_phase(SERVING, SUSPENDED) >> STAYS,
            (civil_affairs,),
            _("退回续期申请"),
            _("%(who)s退回了续期申请，一次性告知要补正的内容"),
            basis="S12",
            primary=False,
            fits="asks_renewal",
            tells=ANSWERS_FOR_A_PROVIDER,
        ),
        Transition(
            "extend",
            S.in_phase(SERVING, SUSPENDED) >> STAYS,
            (civil_affairs,),
            _("准予续期"),
            _("%(who)s准予这家机构续期"),
            basis="S27",
            primary=False,
            apart_from=("check_again",),
            lacks_by_day=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "change_facts",
            S.in_phase(ASKED, SERVING, SUSPENDED) >> STAYS,
            its_people,
            _("更新机构资料"),
            _("%(who)s更新了机构资料"),
            basis=BASIS,
            primary=False,
            from_any=True,
        ),
        Transition(
            "suspend",
            S.in_phase(SERVING) >> S.SUSPENDED,
            (civil_affairs, THE_SYSTEM),
            _("暂停承接"),
            _("%(who)s暂停了这家机构承接新的转介"),
            basis="S26",
            reason=True,
            primary=False,
            consequence=_("暂停后，新的转介将不再派给该机构；正在进行的服务不受影响。"),
            tells=TOLD_OF_ACCREDITATIONS,
        ),
        Transition(
            "resume",
            S.in_phase(SUSPENDED) >> S.ACCREDITED,
            (civil_affairs, THE_SYSTEM),
            _("恢复承接"),
            _("%(who)s恢复了这家机构承接转介"),
            basis="S26",
            reason=True,
            primary=False,
            tells=AGREES,
        ),
        Transition(
            "exit",
            S.in_phase(SERVING, SUSPENDED) >> S.EXITED,
            (THE_SYSTEM,),
            _("退出"),
            _("移交完毕，这家机构退出"),
            basis="S26",
            reason=True,
            from_any=True,
            besides=(ASKED,),
            tells=TOLD_OF_ACCREDITATIONS,
        ),
        Transition(
            "restore",
            S.in_phase(ENDED) >> S.ACCREDITED,
            (THE_SYSTEM,),
            _("恢复准入"),
            _("退出决定撤销，这家机构恢复准入"),
            basis="S26",
            reason=True,
            tells=AGREES,
        ),
        Transition(
            "refuse_return",
            S.in_phase(ASKED) >> S.EXITED,
            (civil_affairs,),
            _("不予重新准入"),
            _("%(who)s决定不予重新准入"),
            basis="S26",
            reason=True,
            primary=False,
            fits="on_return",
            tells=TOLD_OF_ACCREDITATIONS,
        ),
        Transition(
            "readmit",
            S.in_phase(ENDED) >> S.REGISTERED,
            (civil_affairs,),
            _("重新准入"),
            _("%(who)s受理了重新准入"),
            basis="S26",
            reason=True,
            primary=False,
            tells=(Role.COORDINATOR,),
        ),
    ),
    clocks={S.PREPARING: COMPLETION, S.RETURNED: COMPLETION},
    periods=("provider.completion",),
    looks_at=("organization",),
    proposals={"renewal_asked_on": "check_again", "renewal_checked_on": "extend"},
)
