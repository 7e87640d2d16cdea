"""Who may act in purchases, and who may read them in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foundation.parties import Party
from foundation.permissions import access
from foundation.roles import Actor, Role

if TYPE_CHECKING:
    from procurement.purchases.models import Project
    from procurement.seat import Seat


buyer = Party(Role.CIVIL_AFFAIRS)


finance = Party(Role.FINANCE)


any_provider = Party(Role.COORDINATOR)


#: Roles that may hold a share of the key; not the audit, which never acts.
KEY_ROLES = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.HANDLER)


def _of_its_provider(actor: Actor, obj: Any) -> bool:
    """Whether the object is of the actor's organization."""
    return obj.provider.organization_id == actor.organization_id


def _in_person(actor: Actor, seat: Seat) -> bool:
    """Whether the seat is the actor's own."""
    return seat.person_id == actor.user_id


def _on_its_panel(actor: Actor, project: Project) -> bool:
    """Whether the actor has submitted scores for the purchase."""
    return project.panelseats.filter(person_id=actor.user_id, status="submitted").exists()


bidder = Party(Role.COORDINATOR, _of_its_provider)


panelist = Party(Role.EVALUATOR, _in_person)


panel = Party(Role.EVALUATOR, _on_its_panel)


key_holders = tuple(Party(role, _in_person) for role in KEY_ROLES)


BUYING = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)


READERS = access(GET=(*BUYING, Role.COORDINATOR, Role.EVALUATOR, Role.HANDLER))


TALKING = access(GET=(*BUYING, Role.COORDINATOR))
