"""The lifecycle of a service account: in use, revoked, expired, or lapsed with what it was issued under."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ENDED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import KEEPS_A_SYSTEM
from organizations.permissions import civil_affairs, its_colleagues, its_maker


class ServiceAccountStatus(States):
    """The states of a service account."""

    IN_USE = State(_("使用中"), SERVING, tone="done")
    REVOKED = State(_("已撤销"), ENDED)
    EXPIRED = State(_("已到期"), ENDED)
    LAPSED = State(_("已失效"), ENDED)


S = ServiceAccountStatus


SERVICE_ACCOUNT = Lifecycle(
    label="organizations.ServiceAccount",
    title=_("程序接入"),
    states=ServiceAccountStatus,
    phases=(SERVING, ENDED),
    starts=(
        Start(
            "issue",
            S.IN_USE,
            its_maker,
            _("接入一个程序"),
            _("%(who)s给一个程序发了令牌"),
            "个人信息保护法第五十一条",
        ),
    ),
    transitions=(
        Transition(
            "revoke",
            S.in_phase(SERVING) >> S.REVOKED,
            (civil_affairs, *its_colleagues),
            _("撤销令牌"),
            _("%(who)s撤销了这个程序的令牌"),
            basis="个人信息保护法第五十一条",
            reason=True,
            primary=False,
            consequence=_("用这个令牌的程序立刻不能再读取和办理，也不能恢复。"),
            tells=KEEPS_A_SYSTEM,
        ),
        Transition(
            "expire",
            S.in_phase(SERVING) >> S.EXPIRED,
            (THE_SYSTEM,),
            _("到期"),
            _("令牌到期"),
            basis="个人信息保护法第五十一条",
            tells=KEEPS_A_SYSTEM,
        ),
        Transition(
            "lapse",
            S.in_phase(SERVING) >> S.LAPSED,
            (THE_SYSTEM,),
            _("失效"),
            _("发令牌的人改了密码、退出了所有登录或不再任职\uff0c令牌失效"),
            basis="个人信息保护法第五十一条",
            tells=KEEPS_A_SYSTEM,
        ),
    ),
)
