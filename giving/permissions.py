"""Who may act on what a charity has received."""

from typing import Any

from foundation.lifecycle.table import Party
from foundation.roles import Actor, Role


def _own(actor: Actor, obj: Any) -> bool:
    return obj.provider.organization_id == actor.organization_id


keeper = Party(Role.COORDINATOR, _own)


overseer = Party(Role.CIVIL_AFFAIRS)
