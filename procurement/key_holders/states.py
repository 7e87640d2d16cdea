"""States and transitions of a key holder."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ANSWERING, ASKED, ENDED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role
from procurement.permissions import buyer, key_holders


class KeyHolderStatus(States):
    NAMED = State(_("待设口令"), ASKED, tone="soon")
    READY = State(_("口令已设"), SERVING, tone="done")
    TURNED = State(_("已交出份额"), ANSWERING)
    RELEASED = State(_("已解除"), ENDED)


K = KeyHolderStatus


KEY_HOLDER = Lifecycle(
    label="procurement.KeyHolder",
    title=_("开标小组成员"),
    states=KeyHolderStatus,
    phases=(ASKED, SERVING, ANSWERING, ENDED),
    starts=(
        Start(
            "name", K.NAMED, (buyer,), _("列入开标小组"), _("%(who)s指定了这名开标小组成员"), "87号令第四十条"
        ),
    ),
    transitions=(
        Transition(
            "take",
            K.in_phase(ASKED) >> K.READY,
            key_holders,
            _("设置我的口令"),
            _("%(who)s设置了开标口令"),
            basis="87号令第四十条",
        ),
        Transition(
            "turn",
            K.in_phase(SERVING) >> K.TURNED,
            key_holders,
            _("输入口令，交出份额"),
            _("%(who)s在截止后交出了密钥份额"),
            basis="87号令第四十条",
            fits="asked_for_the_share",
        ),
        Transition(
            "release",
            K.unfinished() >> K.RELEASED,
            (THE_SYSTEM,),
            _("解除"),
            _("开标小组的任务结束"),
            basis="87号令第四十条",
            from_any=True,
            tells=(Role.HANDLER,),
        ),
    ),
    looks_at=("project",),
)
