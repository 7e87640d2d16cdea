"""The lifecycle of a provider: accreditation, suspension, exit and return."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ASKED, ENDED, SERVING, SUSPENDED
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import AGREES, Role
from organizations.permissions import civil_affairs
from organizations.providers.checks import last_checks


class Standing(States):
    """The states of a provider."""

    REGISTERED = State(_("已登记，待查验"), ASKED)
    DOCUMENTS_CHECKED = State(_("材料已查验"), ASKED)
    ACCREDITED = State(_("已准入"), SERVING, tone="done")
    SUSPENDED = State(_("已暂停"), SUSPENDED, tone="late")
    EXITED = State(_("已退出"), ENDED, tone="late")


S = Standing


PROVIDER = Lifecycle(
    label="organizations.Provider",
    title=_("承接主体"),
    states=Standing,
    phases=(ASKED, SERVING, SUSPENDED, ENDED),
    starts=(
        Start(
            "register",
            S.REGISTERED,
            (civil_affairs,),
            _("登记承接主体"),
            _("%(who)s登记了这家机构"),
            "102号令第六条",
        ),
    ),
    transitions=(
        Transition(
            "check_documents",
            S.REGISTERED >> S.DOCUMENTS_CHECKED,
            (civil_affairs,),
            _("查验材料"),
            _("%(who)s查验了登记证书和资质材料"),
            basis="102号令第六条",
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
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "check_again",
            S.in_phase(SERVING) >> STAYS,
            (civil_affairs,),
            _("续期查验"),
            _("%(who)s为续期查验了材料"),
            basis="102号令第六条",
            primary=False,
        ),
        Transition(
            "extend",
            S.in_phase(SERVING) >> STAYS,
            (civil_affairs,),
            _("准予续期"),
            _("%(who)s准予这家机构续期"),
            basis="S27",
            primary=False,
            bars=(Bar(last_checks, _("前一步由您本人办理，“准予续期”须由另一人办理。")),),
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
            tells=AGREES,
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
            tells=AGREES,
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
    looks_at=("organization",),
)
