"""Parties to the lifecycles of households, and roles that may reveal and look up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foundation.parties import Party
from foundation.roles import Actor, Role

if TYPE_CHECKING:
    from households.register.models import Household


#: Roles that may reveal a protected value of a household that they can see.
MAY_REVEAL = {Role.CIVIL_AFFAIRS, Role.WINDOW, Role.ASSISTANT, Role.AUDITOR, Role.HOUSEHOLD}


#: Roles that may look up by identity number; each look-up is counted and written down.
MAY_LOOK_UP = MAY_REVEAL - {Role.HOUSEHOLD}


def _of_the_town(actor: Actor, household: Household) -> bool:
    """Whether the actor's town is in charge of the household."""
    return household.town_id == actor.place_id


def _verified_in_the_town(actor: Actor, household: Household) -> bool:
    """Whether the household is verified, and the actor's town is in charge of it."""
    return household.verified and _of_the_town(actor, household)


def _of_the_village(actor: Actor, household: Household) -> bool:
    """Whether the household is verified and lives in the actor's village."""
    return household.verified and household.place_id == actor.place_id


def _itself(actor: Actor, household: Household) -> bool:
    """Whether the actor signed in as the household, and it is verified."""
    return household.verified and household.accounts.filter(user_id=actor.person).exists()


#: The window in charge of a household whose document a window has seen.
window = Party(Role.WINDOW, _verified_in_the_town)


#: The window in charge, whether the household is verified or not.
window_of_the_place = Party(Role.WINDOW, _of_the_town)


assistant = Party(Role.ASSISTANT, _of_the_village)


grid_worker = Party(Role.GRID_WORKER, _of_the_village)


itself = Party(Role.HOUSEHOLD, _itself)


civil_affairs = Party(Role.CIVIL_AFFAIRS)


#: Those who may register a household: whoever can bring one to the city's notice.
BRINGS = (
    Party(Role.WINDOW),
    Party(Role.ASSISTANT),
    Party(Role.GRID_WORKER),
    Party(Role.COORDINATOR),
    Party(Role.SOCIAL_WORKER),
    Party(Role.HOTLINE),
    Party(Role.SYSTEM),
)


window_left = Party(Role.WINDOW, lambda actor, relocation: relocation.from_town_id == actor.place_id)


window_joined = Party(Role.WINDOW, lambda actor, relocation: relocation.to_town_id == actor.place_id)


window_asking = Party(Role.WINDOW, lambda actor, joining: joining.household.town_id == actor.place_id)


#: The window where the person counts, which alone decides on a second home.
window_of_the_home = Party(Role.WINDOW, lambda actor, joining: joining.home.town_id == actor.place_id)


window_of_correction = Party(
    Role.WINDOW, lambda actor, correction: correction.household.town_id == actor.place_id
)
