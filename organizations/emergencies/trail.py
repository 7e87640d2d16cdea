"""What was opened and done in an emergency, for whoever looks it through."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from foundation.journal import timeline
from foundation.parties import is_one_of
from foundation.roles import Actor
from organizations.emergencies.models import EmergencyAccess
from organizations.permissions import READS_WHAT_WAS_DONE

#: Lines that are shown of what was opened and done.
SHOWN = 500


def of(emergency: EmergencyAccess, reader: Actor) -> Any:
    """The lines about an emergency and, for oversight, of what was done in it."""
    about_it = Q(lifecycle=emergency._meta.label, object_id=emergency.pk)
    if emergency.opened_at and is_one_of(READS_WHAT_WAS_DONE, reader, emergency):
        within = (emergency.opened_at, emergency.until)
        about_it |= Q(actor_id=emergency.user_id, role=emergency.role, at__range=within)
    return timeline.lines(about_it, reader=reader, limit=SHOWN)
