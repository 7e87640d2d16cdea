"""Who may act on the catalog, and who may read the effect of an edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foundation.parties import Party
from foundation.roles import Actor, Role

if TYPE_CHECKING:
    from catalog.offers.models import Offer


civil_affairs = Party(Role.CIVIL_AFFAIRS)


body_handler = Party(Role.HANDLER)


finance_officer = Party(Role.FINANCE)


def _own(actor: Actor, offer: Offer) -> bool:
    """Whether the offer is that of the actor's organization."""
    return offer.provider.organization_id == actor.organization_id


offering_provider = Party(Role.COORDINATOR, _own)


#: Who may read the effect of an edition before it is published.
EFFECT_READERS = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)
