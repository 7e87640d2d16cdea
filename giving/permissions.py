"""Who may act on charity funds, goods and gifts."""

from typing import Any

from foundation.lifecycle.table import Party
from foundation.roles import Actor, Role


def _own(actor: Actor, obj: Any) -> bool:
    """Whether the pool or gift belongs to the actor's organization."""
    return obj.provider.organization_id == actor.organization_id


keeper = Party(Role.COORDINATOR, _own)


overseer = Party(Role.CIVIL_AFFAIRS)
