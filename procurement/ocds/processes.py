"""Contracting processes, read in chunks so that memory use stays constant.

A process is a purchase with the contracts that it led to, or a contract that was concluded without a
purchase in the product.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model, Prefetch, QuerySet

from contracts.amendments.models import Amendment
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices.models import Invoice
from contracts.invoices.states import InvoiceStatus
from foundation.journal.models import Entry
from foundation.lifecycle.phases import ENDED
from foundation.moments import SHANGHAI
from procurement.awards.models import CallOff
from procurement.bids.models import Bid, BidLine
from procurement.purchases.models import Project, ProjectItem

#: The number of processes read at once.
CHUNK = 200
#: The transitions that become releases, by lifecycle.
EVENTS = {
    "procurement.Project": (
        "publish",
        "extend",
        "postpone",
        "open_bids",
        "award",
        "withdraw_award",
        "confirm_next",
        "fail",
        "confirm_failure",
        "cancel",
    ),
    "contracts.Contract": ("sign_as_provider", "come_into_force", "terminate", "complete"),
    "contracts.Amendment": ("agree",),
    "contracts.Invoice": ("accept_work", "approve"),
}


@dataclass(frozen=True)
class Process:
    """Everything behind one ``ocid``. ``entries`` are journal entries, oldest first."""

    ocid: str
    project: Project | None
    contracts: list[Contract]
    entries: list[Entry]


def ocid_of(number: str) -> str:
    """The open contracting identifier of a purchase, or of a contract without one."""
    return f"{settings.OCDS_PREFIX}-{number}"


def years() -> list[int]:
    """The years in which processes begin, newest first."""
    projects = Project.objects.published().dates("published_at", "year")
    contracts = _alone().dates("start_on", "year")
    return sorted({first.year for first in (*projects, *contracts)}, reverse=True)


def keys(year: int | None = None) -> tuple[list[int], list[int]]:
    """Keys of purchases, and of contracts without one, that begin in a year (``None``: any), oldest first."""
    projects, contracts = Project.objects.published(), _alone()
    if year is not None:
        projects = projects.filter(published_at__year=year)
        contracts = contracts.filter(start_on__year=year)
    return (
        list(projects.order_by("id").values_list("pk", flat=True)),
        list(contracts.order_by("id").values_list("pk", flat=True)),
    )


def read(projects: list[int], contracts: list[int]) -> Iterator[Process]:
    """The processes with those keys, one after the other."""
    for some in _chunks(projects):
        yield from _of_projects(some)
    for some in _chunks(contracts):
        yield from _of_contracts(some)


def find(ocid: str) -> Process | None:
    """The public process with an ``ocid``; ``None`` if there is none."""
    number = ocid.removeprefix(f"{settings.OCDS_PREFIX}-")
    projects = Project.objects.published().filter(number=number).values_list("pk", flat=True)
    contracts = _alone().filter(number=number).values_list("pk", flat=True)
    return next(read(list(projects), list(contracts)), None)


def _alone() -> QuerySet[Contract]:
    """Public contracts without a purchase in the product."""
    return Contract.objects.filter(call_off=None, pk__in=Contract.objects.public().values("pk"))


def _chunks(pks: list[int]) -> Iterator[list[int]]:
    """The keys in lists of ``CHUNK``."""
    for first in range(0, len(pks), CHUNK):
        yield pks[first : first + CHUNK]


def _of_projects(pks: list[int]) -> Iterator[Process]:
    """The processes of some purchases."""
    call_offs = CallOff.objects.filter(contract__in=Contract.objects.public()).prefetch_related(
        Prefetch("contract", _contracts())
    )
    found = (
        Project.objects.filter(pk__in=pks)
        .select_related("buyer", "budget_line__body", "edition", "under")
        .prefetch_related(
            Prefetch("items", ProjectItem.objects.select_related("item").defer("item__search")),
            Prefetch("bids", Bid.objects.select_related("provider__organization").defer("sealed")),
            Prefetch("bids__lines", BidLine.objects.select_related("item__item")),
            Prefetch("call_offs", call_offs),
            "questions",
        )
        .order_by("id")
    )
    projects = list(found)
    made = {project.pk: [call.contract for call in project.call_offs.all()] for project in projects}
    entries_by_object = _entries(
        projects, [contract for contracts in made.values() for contract in contracts]
    )
    for project in projects:
        contracts = made[project.pk]
        entries = _sorted(entries_by_object, [project, *contracts])
        yield Process(ocid_of(project.number), project, contracts, entries)


def _of_contracts(pks: list[int]) -> Iterator[Process]:
    """The processes of some contracts without a purchase."""
    contracts = list(_contracts().filter(pk__in=pks).order_by("id"))
    entries_by_object = _entries([], contracts)
    for contract in contracts:
        yield Process(ocid_of(contract.number), None, [contract], _sorted(entries_by_object, [contract]))


def _contracts() -> QuerySet[Contract]:
    """Contracts with all that releases show of them."""
    return Contract.objects.select_related(
        "buyer", "provider__organization", "budget_line__body", "edition"
    ).prefetch_related(
        Prefetch("lines", ContractLine.objects.select_related("item").defer("item__search")),
        Prefetch("amendments", Amendment.objects.agreed().order_by("id")),
        Prefetch("invoices", Invoice.objects.filter(status__in=InvoiceStatus.in_phase(ENDED)).order_by("id")),
        "signatures",
    )


EntriesByObject = dict[tuple[str, int], list[Entry]]


def _entries(projects: list[Project], contracts: list[Contract]) -> EntriesByObject:
    """The journal entries behind releases, by lifecycle and key; one query for each lifecycle."""
    amendments = [amendment for contract in contracts for amendment in contract.amendments.all()]
    invoices = [invoice for contract in contracts for invoice in contract.invoices.all()]
    entries_by_object: EntriesByObject = defaultdict(list)
    objects: list[tuple[str, list]] = [
        ("procurement.Project", projects),
        ("contracts.Contract", contracts),
        ("contracts.Amendment", amendments),
        ("contracts.Invoice", invoices),
    ]
    for label, some in objects:
        entries = Entry.objects.filter(
            lifecycle=label, object_id__in=[owner.pk for owner in some], move__in=EVENTS[label]
        )
        for entry in entries.order_by("id"):
            entries_by_object[label, entry.object_id].append(entry)
    return entries_by_object


def _sorted(entries_by_object: EntriesByObject, owners: list[Model]) -> list[Entry]:
    """The entries of a purchase and its contracts, amendments and invoices, oldest first."""
    found: list[Entry] = []
    for owner in owners:
        found += entries_by_object[owner._meta.label, owner.pk]
        if isinstance(owner, Contract):
            for part in (*owner.amendments.all(), *owner.invoices.all()):
                found += entries_by_object[part._meta.label, part.pk]
    return sorted(found, key=lambda entry: (entry.at, entry.pk))


def local(entry: Entry) -> str:
    """The moment of an entry in the city's time, in ISO 8601."""
    return entry.at.astimezone(SHANGHAI).isoformat(timespec="seconds")
