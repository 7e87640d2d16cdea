"""The lifecycle of a responsibility: in force, ended."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ENDED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import Role
from organizations.permissions import assigning_duties, civil_affairs


class ResponsibilityStatus(States):
    """The states of a responsibility."""

    IN_FORCE = State(_("现行"), SERVING, tone="done")
    ENDED = State(_("已停用"), ENDED)


RESPONSIBILITY = Lifecycle(
    label="organizations.Responsibility",
    title=_("部门职责"),
    states=ResponsibilityStatus,
    phases=(SERVING, ENDED),
    starts=(
        Start(
            "assign",
            ResponsibilityStatus.IN_FORCE,
            assigning_duties,
            _("登记职责"),
            _("%(who)s登记了部门职责"),
            "S3",
        ),
    ),
    transitions=(
        Transition(
            "end",
            ResponsibilityStatus.in_phase(SERVING) >> ResponsibilityStatus.ENDED,
            (civil_affairs,),
            _("停用职责"),
            _("%(who)s停用了这项职责"),
            basis="S3",
            reason=True,
            primary=False,
            consequence=_("停用之日起，新的需求不再自动转给这个部门；已转办的不受影响。"),
            tells=(Role.ADMINISTRATOR,),
        ),
    ),
)
