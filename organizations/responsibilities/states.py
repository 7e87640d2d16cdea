"""The life of a provider: accreditation, suspension, exit and re-entry."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.table import Lifecycle, Move, Start, States
from organizations.permissions import civil_affairs


class DutyStatus(States):
    IN_FORCE = "in_force", _("现行")
    ENDED = "ended", _("已停用")


DUTY = Lifecycle(
    label="organizations.Duty",
    title=_("部门职责"),
    states=DutyStatus,
    starts=(
        Start(
            "assign", DutyStatus.IN_FORCE, (civil_affairs,), _("登记职责"), _("%(who)s登记了部门职责"), "S3"
        ),
    ),
    moves=(
        Move(
            "end",
            DutyStatus.IN_FORCE >> DutyStatus.ENDED,
            (civil_affairs,),
            _("停用职责"),
            _("%(who)s停用了这项职责"),
            basis="S3",
            reason=True,
            primary=False,
            consequence=_("停用之日起，新的需求不再自动转给这个部门；已转办的不受影响。"),
        ),
    ),
)
