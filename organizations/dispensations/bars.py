"""Who may not decide on a dispensation: the person whom it is for, and whoever is near to that person or to the asker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from organizations.people import letting_in

if TYPE_CHECKING:
    from organizations.dispensations.models import Dispensation


def the_person_itself(dispensations: Sequence[Dispensation]) -> dict[int, set[int]]:
    """The person of each dispensation."""
    return {dispensation.pk: {dispensation.user_id} for dispensation in dispensations}


def near_the_person(dispensations: Sequence[Dispensation]) -> dict[int, set[int]]:
    """Whoever has lately let the person of each in, or was let in by that person."""
    people = {dispensation.user_id for dispensation in dispensations}
    near = letting_in.bound_to(people, among=letting_in.lately()) if people else {}
    return {dispensation.pk: near[dispensation.user_id] for dispensation in dispensations}
