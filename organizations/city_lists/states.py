"""The lifecycle of a list of places, bodies or windows: read, entered or discarded."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from organizations.permissions import keeping_places
from organizations.places.states import ALONE, BASIS


class CityListStatus(States):
    """The states of a list."""

    READ = State(_("待确认"), ASKED, tone="soon")
    ENTERED = State(_("已录入"), ENDED, tone="done")
    DISCARDED = State(_("已丢弃"), DROPPED)


S = CityListStatus


CITY_LIST = Lifecycle(
    label="organizations.CityList",
    title=_("录入的清单"),
    states=CityListStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(Start("upload", S.READ, keeping_places, _("从表格录入"), _("%(who)s上传了一份清单"), BASIS),),
    transitions=(
        Transition(
            "confirm",
            S.in_phase(ASKED) >> S.ENTERED,
            keeping_places,
            _("确认录入"),
            _("%(who)s录入了这份清单"),
            basis=BASIS,
            alone=ALONE,
            consequence=_("清单上的每一行都会按下面的结果录入，一起成功，或者一起不录。"),
        ),
        Transition(
            "discard",
            S.in_phase(ASKED) >> S.DISCARDED,
            keeping_places,
            _("丢弃"),
            _("%(who)s丢弃了这份清单"),
            basis=BASIS,
            primary=False,
        ),
    ),
)
