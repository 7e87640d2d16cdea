"""Contracting processes, read a chunk at a time: memory stays flat however many there are.

A process is a purchase with the contracts that came of it, or a contract that was concluded
outside the product and is kept here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model, Prefetch, QuerySet

from contracts.amendments.models import Amendment
from contracts.contracts.models import UNSIGNED, Contract, ContractLine
from contracts.contracts.states import ContractStatus
from contracts.invoices.models import Invoice
from contracts.invoices.states import InvoiceStatus
from foundation.journal.models import Entry
from foundation.moments import SHANGHAI
from procurement.awards.models import CallOff
from procurement.bids.models import Bid, BidLine
from procurement.purchases.models import Project, ProjectItem

#: Processes that are read at once.
CHUNK = 200
#: Contracts that are public: signed by both, whatever came after.
PUBLIC = tuple(each for each in ContractStatus if each not in (*UNSIGNED, ContractStatus.DROPPED))
#: The moves that become releases, by lifecycle.
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
    """Everything behind one ``ocid``. ``entries`` are the journal's, oldest first."""

    ocid: str
    project: Project | None
    contracts: list[Contract]
    entries: list[Entry]


def ocid_of(number: str) -> str:
    """The open contracting identifier of a purchase, or of a contract without one."""
    return f"{settings.OCDS_PREFIX}-{number}"


def years() -> list[int]:
    """The years in which a process begins, the newest first."""
    projects = Project.objects.published().dates("published_at", "year")
    contracts = _alone().dates("start_on", "year")
    return sorted({each.year for each in (*projects, *contracts)}, reverse=True)


def keys(year: int | None = None) -> tuple[list[int], list[int]]:
    """The purchases and the contracts without one that begin in a year (or ever), oldest first."""
    projects, contracts = Project.objects.published(), _alone()
    if year is not None:
        projects = projects.filter(published_at__year=year)
        contracts = contracts.filter(start_on__year=year)
    return (
        list(projects.order_by("id").values_list("pk", flat=True)),
        list(contracts.order_by("id").values_list("pk", flat=True)),
    )


def read(projects: list[int], contracts: list[int]) -> Iterator[Process]:
    """The processes of those keys, one after the other."""
    for some in _chunks(projects):
        yield from _of_projects(some)
    for some in _chunks(contracts):
        yield from _of_contracts(some)


def find(ocid: str) -> Process | None:
    """The public process of an identifier, if there is one."""
    number = ocid.removeprefix(f"{settings.OCDS_PREFIX}-")
    projects = Project.objects.published().filter(number=number).values_list("pk", flat=True)
    contracts = _alone().filter(number=number).values_list("pk", flat=True)
    return next(read(list(projects), list(contracts)), None)


def _alone() -> QuerySet[Contract]:
    """Public contracts that no purchase of the product led to."""
    return Contract.objects.filter(call_off=None, pk__in=_public().values("pk"))


def _public() -> QuerySet[Contract]:
    """Contracts that both have signed."""
    return Contract.objects.filter(status__in=PUBLIC)


def _chunks(pks: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(pks), CHUNK):
        yield pks[first : first + CHUNK]


def _of_projects(pks: list[int]) -> Iterator[Process]:
    call_offs = CallOff.objects.filter(contract__in=_public()).prefetch_related(
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
    made = {each.pk: [call.contract for call in each.call_offs.all()] for each in projects}
    told = _entries(projects, [each for some in made.values() for each in some])
    for project in projects:
        contracts = made[project.pk]
        entries = _sorted(told, [project, *contracts])
        yield Process(ocid_of(project.number), project, contracts, entries)


def _of_contracts(pks: list[int]) -> Iterator[Process]:
    contracts = list(_contracts().filter(pk__in=pks).order_by("id"))
    told = _entries([], contracts)
    for contract in contracts:
        yield Process(ocid_of(contract.number), None, [contract], _sorted(told, [contract]))


def _contracts() -> QuerySet[Contract]:
    return Contract.objects.select_related(
        "buyer", "provider__organization", "budget_line__body", "edition"
    ).prefetch_related(
        Prefetch("lines", ContractLine.objects.select_related("item").defer("item__search")),
        Prefetch("amendments", Amendment.objects.filter(status="agreed").order_by("id")),
        Prefetch("invoices", Invoice.objects.filter(status=InvoiceStatus.PAID).order_by("id")),
        "signatures",
    )


Told = dict[tuple[str, int], list[Entry]]


def _entries(projects: list[Project], contracts: list[Contract]) -> Told:
    """The journal's entries behind releases, by what they are about; one query a kind."""
    amendments = [amendment for contract in contracts for amendment in contract.amendments.all()]
    invoices = [invoice for contract in contracts for invoice in contract.invoices.all()]
    told: Told = defaultdict(list)
    objects: list[tuple[str, list]] = [
        ("procurement.Project", projects),
        ("contracts.Contract", contracts),
        ("contracts.Amendment", amendments),
        ("contracts.Invoice", invoices),
    ]
    for label, some in objects:
        entries = Entry.objects.filter(
            lifecycle=label, object_id__in=[each.pk for each in some], move__in=EVENTS[label]
        )
        for entry in entries.order_by("id"):
            told[label, entry.object_id].append(entry)
    return told


def _sorted(told: Told, owners: list[Model]) -> list[Entry]:
    """The entries of a purchase and its contracts with all that hangs on them, oldest first."""
    found: list[Entry] = []
    for owner in owners:
        found += told[owner._meta.label, owner.pk]
        if isinstance(owner, Contract):
            for each in (*owner.amendments.all(), *owner.invoices.all()):
                found += told[each._meta.label, each.pk]
    return sorted(found, key=lambda entry: (entry.at, entry.pk))


def local(entry: Entry) -> str:
    """When it happened, as the standard writes it."""
    return entry.at.astimezone(SHANGHAI).isoformat(timespec="seconds")
