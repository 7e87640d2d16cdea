"""What red flags look at, the data of some purchases, and what is found in it, with the facts behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from contracts.amendments.models import Amendment
from contracts.contracts.models import Contract, ContractQuerySet
from foundation import moments
from foundation.lifecycle.phases import DROPPED
from foundation.rules import reading
from foundation.rules.reading import Rule
from procurement.bids.models import Bid
from procurement.bids.states import BidStatus
from procurement.oversight.models import FlagFact, Telling
from procurement.panel.models import PanelSeat
from procurement.panel.states import PanelSeatStatus
from procurement.phases import WAS_OPENED
from procurement.purchases.models import Project, ProjectItem

#: The codes, in the order shown.
CODES = (
    *("R003", "R018", "R024", "R028", "R035", "R036"),
    *("LD01", "LD02", "LD03", "LD04", "LD05", "LD06", "LD07"),
)

#: Those of them that show in the purchases of one item, of which the items and the bids that won are looked at.
OF_AN_ITEM = ("LD01", "LD02")

#: What rules look at of a purchase, and of a bid.
OF_A_PURCHASE = ("buyer", "method", "amount", "status", "bids_until", "published_at", "created_at")
OF_A_BID = ("project", "provider", "status", "price")


@dataclass(frozen=True)
class Found:
    """A pattern that was found by a rule: where it was looked for, the numbers of its sentence, and its facts.

    ``part`` tells several of one code apart in one scope. What shows in people has no buyer.
    """

    rule: Rule
    scope: str
    buyer_id: int | None
    facts: tuple[FlagFact, ...]
    figures: Mapping[str, object] = field(default_factory=dict)
    part: str = ""

    @property
    def code(self) -> str:
        """The code of the pattern."""
        return self.rule.key.removeprefix("red_flag.")


def in_purchase(rule: Rule, project: Project, *facts: FlagFact, part: str = "", **figures: object) -> Found:
    """What a rule found in one purchase."""
    return Found(rule, of_purchase(project), project.buyer_id, facts, figures, part)


def of_purchase(project: Project) -> str:
    """The scope of what shows in one purchase."""
    return f"project:{project.pk}"


def of_item(buyer_id: int, code: str) -> str:
    """The scope of what shows in the purchases of an item by one buyer."""
    return f"item:{buyer_id}:{code}"


def of_contract(contract: Contract) -> str:
    """The scope of what shows in one contract and its supplementary agreements."""
    return f"contract:{contract.pk}"


@dataclass
class Dataset:
    """The data that the rules look at, read once in a fixed number of queries.

    ``bids`` by purchase key; ``replaced`` is the number of experts replaced by the buyer, by purchase key.
    """

    projects: list[Project]
    contracts: list[Contract]
    amendments: list[Amendment]
    rules: dict[str, Rule]
    bids: dict[int, list[Bid]] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)

    def rule(self, code: str) -> Rule:
        """The rule of a code, in force now."""
        return self.rules[f"red_flag.{code}"]

    def won(self, project: Project) -> list[Bid]:
        """The bids that were awarded."""
        return [bid for bid in self.bids[project.pk] if bid.won]


def rules_of_flags() -> dict[str, Rule]:
    """The rules in force that flags are found by."""
    keys = (f"red_flag.{code}" for code in CODES)
    return reading.several("red_flag.period", "procurement.thresholds", *keys)


def dataset_of(projects: QuerySet[Project], contracts: ContractQuerySet) -> Dataset:
    """The data of the days of the rule ``red_flag.period``: these purchases with their bids, these contracts with
    their supplementary agreements.
    """
    rules = rules_of_flags()
    since = _since(rules)
    some = _published(projects, since)
    bids = _bids_of(some, Bid.objects.filter(status__in=BidStatus.in_phase(WAS_OPENED)))
    replaced = dict(
        PanelSeat.objects.filter(project__in=bids, status__in=PanelSeatStatus.in_phase(DROPPED))
        .exclude(excusing="")
        .order_by()
        .values_list("project_id")
        .annotate(Count("pk"))
    )
    alone = contracts.public().filter(created_at__gte=since, call_off=None, renews=None)
    agreed = Amendment.objects.agreed().filter(contract__in=contracts, created_at__gte=since, added__gt=0)
    return Dataset(some, list(alone), list(agreed.select_related("contract")), rules, bids, replaced)


def dataset_of_items(projects: QuerySet[Project], codes: Collection[str]) -> Dataset:
    """The data of the same days that the rules ``OF_AN_ITEM`` look at: these purchases, of their items those of some
    codes, and the bids that won.
    """
    rules = rules_of_flags()
    some = _published(projects, _since(rules), Q(item__code__in=codes))
    return Dataset(some, [], [], rules, _bids_of(some, Bid.objects.won()))


def _since(rules: Mapping[str, Rule]) -> datetime:
    """The first moment of the days that rules look at."""
    return moments.now() - timedelta(days=int(rules["red_flag.period"].value["days"]))


def _published(projects: QuerySet[Project], since: datetime, some: Q | None = None) -> list[Project]:
    """Those of the purchases that were published since then, with their items, or some of them."""
    items = ProjectItem.objects.filter(some or Q()).select_related("item").only("project", "item__code")
    found = projects.filter(published_at__gte=since).only(*OF_A_PURCHASE).order_by("id")
    return list(found.prefetch_related(Prefetch("items", items)))


def _bids_of(projects: Iterable[Project], bids: QuerySet[Bid]) -> dict[int, list[Bid]]:
    """Those of the bids that are for these purchases, by the key of the purchase."""
    found: dict[int, list[Bid]] = {project.pk: [] for project in projects}
    for bid in bids.filter(project__in=found).only(*OF_A_BID).order_by("id"):
        found[bid.project_id].append(bid)
    return found


def published_or_planned(project: Project) -> datetime:
    """When a purchase was published, else planned."""
    return project.published_at or project.created_at


def named(project: Project) -> FlagFact:
    """A purchase as a fact."""
    return FlagFact(project=project, telling=Telling.NAME)


def dated(project: Project) -> FlagFact:
    """A purchase with day and amount as a fact."""
    return FlagFact(project=project, telling=Telling.DAY)


def with_price(bid: Bid) -> FlagFact:
    """A bid and its price as a fact."""
    return FlagFact(bid=bid, telling=Telling.PRICE)


def with_reason(bid: Bid) -> FlagFact:
    """A rejected bid and the reason as a fact."""
    return FlagFact(bid=bid, telling=Telling.REASON)
