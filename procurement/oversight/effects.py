"""What begins or moves a purchase or a contract has its red flags counted anew, at the end of its transaction."""

from __future__ import annotations

from collections.abc import Collection

from contracts.amendments.models import Amendment
from contracts.amendments.states import AMENDMENT, AmendmentStatus
from contracts.contracts.models import Contract
from contracts.contracts.states import AGREED, CONTRACT, ContractStatus
from foundation.lifecycle.phases import ENDED
from foundation.transactions import at_the_end
from organizations.people.models import Membership
from organizations.people.states import MEMBERSHIP
from procurement.bids.models import Bid
from procurement.bids.states import BID
from procurement.oversight import counting
from procurement.oversight.counting import Moved
from procurement.panel.models import PanelSeat
from procurement.panel.states import PANEL_SEAT
from procurement.phases import BEING_CHECKED, BEING_JUDGED, BIDS_CLOSED
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT, ProjectStatus


@PROJECT.changed.register
def count_purchase(project: Project) -> None:
    """A purchase shows nothing before it is published; between the deadline and the report nothing changes of what
    the purchases of its items come to, and who won them.
    """
    if project.published_at:
        judged = project.status in ProjectStatus.in_phase(BIDS_CLOSED | BEING_CHECKED | BEING_JUDGED)
        _count(Moved(Project, project.pk, with_items=not judged))


@BID.changed.register
def count_purchase_of_bid(bid: Bid) -> None:
    """Bids show nothing before they are opened."""
    if bid.project.opened_at:
        _count(Moved(Project, bid.project_id))


@PANEL_SEAT.changed.register
def count_purchase_of_seat(seat: PanelSeat) -> None:
    """Who is replaced on a panel is counted with its purchase."""
    _count(Moved(Project, seat.project_id))


@CONTRACT.changed.register
def count_contract(contract: Contract) -> None:
    """A contract without a purchase shows once it is signed; what comes after changes nothing of it."""
    if contract.status in ContractStatus.in_phase(AGREED) and not contract.purchase:
        _count(Moved(Contract, contract.pk))


@AMENDMENT.changed.register
def count_contract_of_amendment(amendment: Amendment) -> None:
    """A supplementary agreement is counted with its contract once both have signed it."""
    if amendment.status in AmendmentStatus.in_phase(ENDED):
        _count(Moved(Contract, amendment.contract_id))


@MEMBERSHIP.changed.register
def count_people_of(membership: Membership) -> None:
    """Who holds roles together by a dispensation is told from the first to the last day."""
    if membership.dispensation_id is not None:
        at_the_end(_count_people, None, alone=True)


def _count_people(_once: Collection[None]) -> None:
    """All together: they are few."""
    counting.count_people()


def _count(moved: Moved) -> None:
    """Have flags counted when all rows of the transaction are locked and written."""
    at_the_end(counting.count_moved, moved, alone=True)
