"""The lifecycle of a place: in use, closed."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ENDED, SERVING
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from organizations.permissions import keeping_places

#: The clause behind which place is in charge of whom.
BASIS = "S3"

#: What whoever enters or closes places and bodies waits for, so that two never enter the same.
ALONE = "organizations.city"


class PlaceStatus(States):
    """The states of a place."""

    IN_USE = State(_("使用中"), SERVING, tone="done")
    CLOSED = State(_("已停用"), ENDED)


S = PlaceStatus


PLACE = Lifecycle(
    label="organizations.Place",
    title=_("地点"),
    states=PlaceStatus,
    phases=(SERVING, ENDED),
    starts=(Start("enter", S.IN_USE, keeping_places, _("录入地点"), _("%(who)s录入了这个地点"), BASIS),),
    transitions=(
        Transition(
            "change",
            S.in_phase(SERVING) >> STAYS,
            keeping_places,
            _("修改地点"),
            _("%(who)s修改了这个地点"),
            basis=BASIS,
            primary=False,
            alone=ALONE,
        ),
        Transition(
            "close",
            S.in_phase(SERVING) >> S.CLOSED,
            keeping_places,
            _("停用地点"),
            _("%(who)s停用了这个地点"),
            basis=BASIS,
            reason=True,
            primary=False,
            alone=ALONE,
            consequence=_("停用之后，新的家庭、窗口和人员不能再放在这里；以前的记录不变。"),
        ),
    ),
)
