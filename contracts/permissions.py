"""Who may act on contracts and money, and who may read them in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foundation.parties import Party
from foundation.permissions import access
from foundation.roles import Actor, Role

if TYPE_CHECKING:
    from contracts.contracts.models import Contract


buyer = Party(Role.CIVIL_AFFAIRS)


finance = Party(Role.FINANCE)


def _contract_party(actor: Actor, contract: Contract) -> bool:
    """Whether the contract is with the actor's organization."""
    return contract.provider.organization_id == actor.organization_id


def _party_of_its_contract(actor: Actor, obj: Any) -> bool:
    """Whether the object's contract is with the actor's organization."""
    return obj.contract.provider.organization_id == actor.organization_id


contracted_provider = Party(Role.COORDINATOR, _contract_party)


invoicing_provider = Party(Role.COORDINATOR, _party_of_its_contract)


amended_provider = Party(Role.COORDINATOR, _party_of_its_contract)


MONEY = access(GET=(Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR, Role.COORDINATOR))
