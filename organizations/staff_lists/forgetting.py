"""Lists of staff go after the time of the rule; one that nobody has sent is discarded first."""

from __future__ import annotations

from datetime import datetime

from foundation.isolation import apart
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.parties import SeenQuerySet
from foundation.retention.sweeping import Kept, keep
from foundation.roles import SYSTEM
from organizations.staff_lists import sending
from organizations.staff_lists.models import StaffList
from organizations.staff_lists.states import StaffListStatus


def _over(before: datetime) -> SeenQuerySet[StaffList]:
    """Lists that were uploaded before, and are not being sent."""
    return StaffList.objects.exclude(status__in=StaffListStatus.in_phase(SERVING)).filter(
        created_at__lt=before
    )


def _delete(before: datetime) -> int:
    """Delete each of them; what was done with it stays in the journal."""
    deleted = 0
    for staff_list in _over(before).order_by("pk"):
        with apart("staff_list.forget", staff_list=staff_list.pk):
            if staff_list.status in StaffListStatus.in_phase(ASKED):
                sending.discard(staff_list, by=SYSTEM)
            StaffList.objects.filter(pk=staff_list.pk).delete()
            deleted += 1
    return deleted


keep(Kept("retention.people", "staff_lists", over=lambda before: _over(before).count(), delete=_delete))
