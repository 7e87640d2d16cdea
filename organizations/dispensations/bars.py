"""Who may not decide on a dispensation: the person whom it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from organizations.dispensations.models import Dispensation


def the_person_itself(dispensations: Sequence[Dispensation]) -> dict[int, set[int]]:
    """The person of each dispensation."""
    return {dispensation.pk: {dispensation.user_id} for dispensation in dispensations}
