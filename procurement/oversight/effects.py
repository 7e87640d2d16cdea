"""What begins or moves a purchase or a contract has its red flags counted anew, at the end of its transaction."""

from __future__ import annotations

from contracts.amendments.models import Amendment
from contracts.amendments.states import AMENDMENT
from contracts.contracts.models import Contract
from contracts.contracts.states import CONTRACT
from foundation.transactions import at_the_end
from procurement.bids.models import Bid
from procurement.bids.states import BID
from procurement.oversight import counting
from procurement.panel.models import PanelSeat
from procurement.panel.states import PANEL_SEAT
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT


@PROJECT.changed.register
def count_purchase(project: Project) -> None:
    """A purchase shows nothing before it is published."""
    if project.published_at:
        at_the_end(counting.count_purchases, project.pk)


@BID.changed.register
def count_purchase_of_bid(bid: Bid) -> None:
    """Bids show nothing before they are opened."""
    if bid.project.opened_at:
        at_the_end(counting.count_purchases, bid.project_id)


@PANEL_SEAT.changed.register
def count_purchase_of_seat(seat: PanelSeat) -> None:
    """Who is replaced on a panel is counted with its purchase."""
    at_the_end(counting.count_purchases, seat.project_id)


@CONTRACT.changed.register
def count_contract(contract: Contract) -> None:
    """A contract without a purchase shows once it is signed."""
    at_the_end(counting.count_contracts, contract.pk)


@AMENDMENT.changed.register
def count_contract_of_amendment(amendment: Amendment) -> None:
    """A supplementary agreement is counted with its contract."""
    at_the_end(counting.count_contracts, amendment.contract_id)
