"""Who may not decide on emergency access: whoever acts in an emergency himself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foundation.lifecycle.phases import SERVING

if TYPE_CHECKING:
    from organizations.emergencies.models import EmergencyAccess


def those_in_an_emergency(accesses: Sequence[EmergencyAccess]) -> dict[int, set[int]]:
    """The people to whom a role is lent now, for each."""
    if not accesses:
        return {}
    model = type(accesses[0])
    lent = model.objects.filter(status__in=model.lifecycle.states.in_phase(SERVING))
    people = set(lent.values_list("user", flat=True))
    return {access.pk: people for access in accesses}
