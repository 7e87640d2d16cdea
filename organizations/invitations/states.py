"""The lifecycle of an invitation: sent, accepted, withdrawn, expired."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import GIVES_MEMBERSHIPS
from organizations.invitations.bars import those_who_renew_no_password, those_who_took_the_factor_away
from organizations.permissions import inviting, renewing


class InvitationStatus(States):
    """The states of an invitation."""

    SENT = State(_("等本人打开"), ASKED, tone="soon")
    ACCEPTED = State(_("已用"), ENDED, tone="done")
    WITHDRAWN = State(_("已撤回"), DROPPED)
    EXPIRED = State(_("已过期"), DROPPED)


class Purpose(models.TextChoices):
    """What the link is for."""

    JOIN = "join", _("加入")
    PASSWORD = "password", _("重设密码")


S = InvitationStatus

#: The clause behind who may act for whom.
BASIS = "S34"


#: What keeps people from sending a link for a new password again.
NOT_ALONE = Bar(
    those_who_renew_no_password, _("这个人的密码不由您重设，请找市系统管理员%(act)s。"), BASIS, by_day=True
)

#: What keeps whoever has lately taken a second factor away from a link for a new password of the same person.
ANOTHER = Bar(
    those_who_took_the_factor_away,
    _("最近 30 天里\uff0c您或和您有邀请关系的人清除过第二步验证\uff1a请另一位管理员%(act)s。"),
    BASIS,
    by_day=True,
)


INVITATION = Lifecycle(
    label="organizations.Invitation",
    title=_("邀请"),
    states=InvitationStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(
        Start("invite", S.SENT, inviting, _("邀请加入"), _("%(who)s发出了邀请"), BASIS),
        Start(
            "renew",
            S.SENT,
            (*renewing, THE_SYSTEM),
            _("发重设密码的链接"),
            _("%(who)s发出了重设密码的链接"),
            "个人信息保护法第五十一条",
        ),
    ),
    transitions=(
        Transition(
            "accept",
            S.in_phase(ASKED) >> S.ACCEPTED,
            (THE_SYSTEM,),
            _("接受"),
            _("链接已使用"),
            basis=BASIS,
            tells=GIVES_MEMBERSHIPS,
        ),
        Transition(
            "send_again",
            S.in_phase(ASKED) >> STAYS,
            renewing,
            _("重发"),
            _("%(who)s重发了链接，以前的链接作废"),
            basis=BASIS,
            bars=(NOT_ALONE, ANOTHER),
            primary=False,
            consequence=_("以前发出的链接立刻作废。"),
        ),
        Transition(
            "withdraw",
            S.in_phase(ASKED) >> S.WITHDRAWN,
            renewing,
            _("撤回"),
            _("%(who)s撤回了链接"),
            basis=BASIS,
            primary=False,
            consequence=_("已发出的链接立刻作废。"),
        ),
        Transition(
            "expire", S.in_phase(ASKED) >> S.EXPIRED, (THE_SYSTEM,), _("过期"), _("链接过期"), basis=BASIS
        ),
    ),
)
