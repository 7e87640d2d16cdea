"""The life of a claim for what was overpaid."""

from django.utils.translation import gettext_lazy as _

from contracts.access import buyer, finance
from foundation.lifecycle.table import Lifecycle, Move, Start, States
from foundation.roles import Role


class ClawBackStatus(States):
    DEMANDED = "demanded", _("待退款")
    RECEIVED = "received", _("已追回")
    WAIVED = "waived", _("已撤销")


K = ClawBackStatus

CLAW_BACK = Lifecycle(
    label="contracts.ClawBack",
    title=_("追回款项"),
    states=ClawBackStatus,
    starts=(Start("demand", K.DEMANDED, (buyer,), _("追回款项"), _("%(who)s要求退回多付的款项"), "S33"),),
    moves=(
        Move(
            "receive",
            K.DEMANDED >> K.RECEIVED,
            (finance,),
            _("确认到账"),
            _("%(who)s确认款项已退回"),
            basis="S33",
        ),
        Move(
            "waive",
            K.DEMANDED >> K.WAIVED,
            (buyer,),
            _("撤销追回"),
            _("%(who)s撤销了追回"),
            basis="S33",
            reason=True,
            primary=False,
        ),
    ),
    clocks={K.DEMANDED: "claw_back.receipt"},
    # Finance only confirms what the provider has to pay back.
    late={"claw_back.receipt": (Role.COORDINATOR,)},
)
