"""What red flags look at, and what they are: the data of some purchases, a flag, and the facts behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from contracts.amendments.models import Amendment
from contracts.contracts.models import Contract
from foundation import moments
from foundation.lifecycle.phases import DROPPED
from foundation.rules import reading
from foundation.rules.reading import Rule
from foundation.wording import money
from procurement.bids.models import Bid
from procurement.bids.states import BidStatus
from procurement.panel.models import PanelSeat
from procurement.panel.states import PanelSeatStatus
from procurement.phases import WAS_OPENED
from procurement.purchases.models import Project, ProjectItem

#: The codes, in the order shown.
CODES = ("R003", "R018", "R024", "R028", "R035", "R036", "LD01", "LD02", "LD03", "LD04", "LD05", "LD06")


@dataclass(frozen=True)
class Evidence:
    """One fact behind a flag, and the address of its page."""

    words: str
    address: str


@dataclass(frozen=True)
class Flag:
    """A pattern that was found: its rule, a sentence about it, and the facts."""

    rule: Rule
    words: str
    evidence: tuple[Evidence, ...]

    @property
    def code(self) -> str:
        """The code of the pattern."""
        return self.rule.key.removeprefix("red_flag.")


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


def dataset_of(projects: QuerySet[Project], *, contracts: bool = True) -> Dataset:
    """The data of the days of the rule ``red_flag.period``, with bids and, if asked, contracts."""
    rules = reading.several(
        "red_flag.period", "procurement.thresholds", *(f"red_flag.{code}" for code in CODES)
    )
    since = moments.now() - timedelta(days=int(rules["red_flag.period"].value["days"]))
    some = list(
        projects.filter(published_at__gte=since)
        .select_related("buyer")
        .prefetch_related(Prefetch("items", ProjectItem.objects.select_related("item")))
        .order_by("id")
    )
    bids: dict[int, list[Bid]] = {project.pk: [] for project in some}
    opened = Bid.objects.filter(project__in=bids, status__in=BidStatus.in_phase(WAS_OPENED))
    for bid in opened.select_related("provider__organization").defer("sealed").order_by("id"):
        bids[bid.project_id].append(bid)
    replaced = dict(
        PanelSeat.objects.filter(project__in=bids, status__in=PanelSeatStatus.in_phase(DROPPED))
        .exclude(excusing="")
        .order_by()
        .values_list("project_id")
        .annotate(Count("pk"))
    )
    if not contracts:
        return Dataset(some, [], [], rules, bids, replaced)
    alone = (
        Contract.objects.public()
        .filter(created_at__gte=since, call_off=None, renews=None)
        .select_related("provider__organization")
    )
    amendments = (
        Amendment.objects.agreed()
        .filter(created_at__gte=since, added__gt=0)
        .select_related("contract__provider__organization")
    )
    return Dataset(some, list(alone), list(amendments), rules, bids, replaced)


def fact_of(project: Project, words: str = "") -> Evidence:
    """A purchase as evidence."""
    return Evidence(words or f"{project.number} {project.title}", project.get_absolute_url())


def price_fact(bid: Bid) -> Evidence:
    """A bid and its price as evidence."""
    words = _("%(name)s 报价 %(price)s 元") % {"name": bid.provider, "price": money(bid.price)}
    return Evidence(words, bid.get_absolute_url())
