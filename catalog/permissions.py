"""Who may act on the catalog."""

from typing import Any

from foundation.lifecycle.table import Party
from foundation.roles import Actor, Role

civil_affairs = Party(Role.CIVIL_AFFAIRS)


body_handler = Party(Role.HANDLER)


finance_officer = Party(Role.FINANCE)


def _own(actor: Actor, offer: Any) -> bool:
    return offer.provider.organization_id == actor.organization_id


offering_provider = Party(Role.COORDINATOR, _own)


#: Who weighs what an edition would bring before it is published.
EFFECT_READERS = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)
