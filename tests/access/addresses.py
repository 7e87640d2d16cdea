"""Every address of the project, and the paths by which somebody opens the objects behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from catalog.comments.models import Comment
from catalog.editions.models import Edition
from catalog.offers.models import Offer
from catalog.sheets.models import Import
from contracts.amendments.models import Amendment
from contracts.budgets.models import BudgetChange, BudgetLine, LedgerEntry
from contracts.contracts.models import Contract
from contracts.invoices.models import ClawBack, Invoice
from contracts.penalties.models import Penalty
from contracts.templates.models import Template
from demo.starter.places_and_people import actor
from evaluations.appeals.models import Appeal
from evaluations.assessments.models import Assessment
from evaluations.exit_appeals.models import ExitAppeal
from evaluations.exits.models import Exit
from evaluations.rectifications.models import Rectification
from evaluations.rounds.models import Round
from evaluations.schemes.models import Scheme
from evaluations.sheets.models import ScoreSheet
from evaluations.simulations.models import Simulation
from evaluations.warnings.models import Signal
from foundation.city.models import City
from foundation.deadlines.models import Clock
from foundation.models import RuleVersion
from giving.models import Gift, Pool, StockEntry
from households.corrections.models import Correction
from households.joining.models import Joining
from households.register.models import Household
from households.relocations.models import Relocation
from marketplace import permissions_table
from organizations.bodies.models import Organization
from organizations.certificates.models import Certificate
from organizations.city_lists.models import CityList
from organizations.dispensations.models import Dispensation
from organizations.document_checks.models import DocumentCheck
from organizations.emergencies.models import EmergencyAccess
from organizations.fact_changes.models import FactChange
from organizations.invitations.models import Invitation
from organizations.listings.models import Listing, ListingFile
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.providers.models import Provider
from organizations.responsibilities.models import Responsibility
from organizations.service_accounts.models import ServiceAccount
from organizations.staff_lists.models import StaffList
from organizations.yearly_checks.models import YearlyCheck
from procurement.bids.models import Bid
from procurement.key_holders.models import KeyHolder
from procurement.objections.models import Objection
from procurement.panel.models import PanelSeat
from procurement.purchases.models import Project
from procurement.questions.models import Question
from procurement.supplier.models import SupportingDocument
from referrals.complaints.models import Complaint
from referrals.conference.models import Meeting
from referrals.handovers.models import Handover
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.rematching.models import Rematch
from referrals.requests.models import RequestForOffers

ADDRESSES = permissions_table.addresses()

#: The model behind the first word of an address.
KINDS = {
    "rules": RuleVersion,
    "city": City,
    "providers": Provider,
    "households": Household,
    "editions": Edition,
    "comments": Comment,
    "offers": Offer,
    "imports": Import,
    "contracts": Contract,
    "invoices": Invoice,
    "budget-lines": BudgetLine,
    "budgets": BudgetLine,
    "budget-changes": BudgetChange,
    "ledger-entries": LedgerEntry,
    "claw-backs": ClawBack,
    "amendments": Amendment,
    "funds": BudgetLine,
    "matters": Matter,
    "needs": Need,
    "referrals": Referral,
    "projects": Project,
    "bids": Bid,
    "questions": Question,
    "objections": Objection,
    "key-seats": KeyHolder,
    "panel-seats": PanelSeat,
    "tenders": Project,
    "desk": SupportingDocument,
    "donations": Pool,
    "pools": Pool,
    "gifts": Gift,
    "stock-entries": StockEntry,
    "penalties": Penalty,
    "templates": Template,
    "rounds": Round,
    "sheets": ScoreSheet,
    "schemes": Scheme,
    "assessments": Assessment,
    "appeals": Appeal,
    "exits": Exit,
    "exit-appeals": ExitAppeal,
    "rectifications": Rectification,
    "signals": Signal,
    "simulations": Simulation,
    "indicators": Provider,
    "clocks": Clock,
    "duties": Responsibility,
    "relocations": Relocation,
    "joinings": Joining,
    "corrections": Correction,
    "calls": RequestForOffers,
    "handovers": Handover,
    "complaints": Complaint,
    "meetings": Meeting,
    "rematches": Rematch,
    "missing-help": Household,
    "service-accounts": ServiceAccount,
    "people": User,
    "memberships": Membership,
    "invitations": Invitation,
    "dispensations": Dispensation,
    "emergencies": EmergencyAccess,
    "staff-lists": StaffList,
    "places": Place,
    "bodies": Organization,
    "organizations": Organization,
    "city-lists": CityList,
    "listings": Listing,
    "listing-files": ListingFile,
    "certificates": Certificate,
    "yearly-checks": YearlyCheck,
    "fact-changes": FactChange,
    "document-checks": DocumentCheck,
}


#: Fills the parts of a route with those of an object that a username may see.
Fill = Callable[[str, str | None], str]


def paths_of(
    username: str, fill: Fill, objects_of: Callable[[type[Any]], Iterable[Any]], kinds: Iterable[str] = KINDS
) -> list[str]:
    """Every address that somebody's role is admitted to, each once: lists as long as they go, those of these ``kinds``
    for each of the objects, and any other for one.
    """
    paths: list[str] = []
    for address in ADDRESSES:
        if address.access.allows("GET", actor(username).role):
            paths += _of(address.route, username, fill, objects_of, set(kinds))
    return list(dict.fromkeys(paths))


def _of(
    route: str, username: str, fill: Fill, objects_of: Callable[[type[Any]], Iterable[Any]], kinds: set[str]
) -> Iterator[str]:
    if "<" not in route:
        listed = route.startswith("/api/v1/") and route.count("/") == 3
        yield route + ("?page_size=200" if listed else "")
        return
    kind = route.removeprefix("/api/v1").strip("/").split("/")[0]
    slots = set(re.findall(r"<\w+:(\w+)>", route)) & {"pk", "number"}
    if kind not in kinds or not slots:
        yield fill(route, username)
        return
    for obj in objects_of(KINDS[kind]):
        path = route
        for slot in slots:
            path = re.sub(rf"<\w+:{slot}>", str(getattr(obj, slot, obj.pk)), path)
        yield fill(path, username)
