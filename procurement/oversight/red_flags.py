"""Red flags: patterns in the data that deserve a second look, each with its rule and evidence.

A flag is no verdict. Codes that begin with R are those of the Open Contracting Partnership's red flags, as
its own tool (Cardinal) computes them; LD are ours, where it has none. Parameters are rules
(``red_flag.*``); nothing is stored, so a flag disappears when the data no longer show it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from catalog.items.kinds import Method
from contracts.amendments.models import Amendment
from contracts.amendments.states import AmendmentStatus
from contracts.contracts.models import Contract
from foundation import moments
from foundation.rules import reading
from foundation.rules.reading import Rule
from foundation.wording import day, money
from procurement.bids.models import Bid
from procurement.bids.states import BidStatus
from procurement.ocds.processes import PUBLIC
from procurement.panel.models import PanelSeat
from procurement.panel.states import PanelSeatStatus
from procurement.purchases.models import DECIDED, Project
from procurement.purchases.states import ProjectStatus

#: The codes, in the order shown.
CODES = ("R003", "R018", "R024", "R028", "R035", "R036", "LD01", "LD02", "LD03", "LD04", "LD05", "LD06")


#: Methods without competition.
DIRECT = (Method.SINGLE, Method.COMMISSION)


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
        return [bid for bid in self.bids[project.pk] if bid.status == BidStatus.AWARDED]


def found() -> list[Flag]:
    """Every flag in the present data, by code."""
    data = _dataset(Project.objects.all())
    return [flag for code in CODES for flag in _RULES[code](data, data.rule(code))]


def about(project: Project) -> list[Flag]:
    """The flags about one purchase, which is compared with the buyer's purchases of the same items only."""
    address = project.get_absolute_url()
    codes = project.items.values("item__code")
    like = Q(buyer_id=project.buyer_id, items__item__code__in=codes)
    data = _dataset(Project.objects.filter(Q(pk=project.pk) | like).distinct(), contracts=False)
    flags = (flag for code in CODES for flag in _RULES[code](data, data.rule(code)))
    return [flag for flag in flags if any(fact.address == address for fact in flag.evidence)]


def _dataset(projects: QuerySet[Project], *, contracts: bool = True) -> Dataset:
    """The data of the days of the rule ``red_flag.period``, with bids and, if asked, contracts."""
    rules = reading.several(
        "red_flag.period", "procurement.thresholds", *(f"red_flag.{code}" for code in CODES)
    )
    since = moments.now() - timedelta(days=int(rules["red_flag.period"].value["days"]))
    some = list(
        projects.filter(published_at__gte=since)
        .select_related("buyer")
        .prefetch_related("items__item")
        .order_by("id")
    )
    bids: dict[int, list[Bid]] = {project.pk: [] for project in some}
    opened = Bid.objects.filter(project__in=bids).exclude(status__in=[BidStatus.SEALED, BidStatus.WITHDRAWN])
    for bid in opened.select_related("provider__organization").defer("sealed").order_by("id"):
        bids[bid.project_id].append(bid)
    replaced = dict(
        PanelSeat.objects.filter(project__in=bids, status=PanelSeatStatus.EXCUSED)
        .exclude(excusing="")
        .order_by()
        .values_list("project_id")
        .annotate(Count("pk"))
    )
    if not contracts:
        return Dataset(some, [], [], rules, bids, replaced)
    alone = Contract.objects.filter(
        created_at__gte=since, status__in=PUBLIC, call_off=None, renews=None
    ).select_related("provider__organization")
    amendments = Amendment.objects.filter(
        created_at__gte=since, status=AmendmentStatus.AGREED, added__gt=0
    ).select_related("contract__provider__organization")
    return Dataset(some, list(alone), list(amendments), rules, bids, replaced)


def _of(project: Project, words: str = "") -> Evidence:
    """A purchase as evidence."""
    return Evidence(words or f"{project.number} {project.title}", project.get_absolute_url())


def _priced(bid: Bid) -> Evidence:
    """A bid and its price as evidence."""
    words = _("%(name)s 报价 %(price)s 元") % {"name": bid.provider, "price": money(bid.price)}
    return Evidence(words, bid.get_absolute_url())


# --- one purchase -----------------------------------------------------------------------------


def _short_notice(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """R003: few days between notice and deadline."""
    for project in data.projects:
        if project.published_at is None or project.bids_until is None:
            continue
        first, last = (
            moment.astimezone(moments.SHANGHAI).date()
            for moment in (project.published_at, project.bids_until)
        )
        days = (last - first).days
        if days < rule.value["days"] and project.method not in DIRECT:
            words = _("“%(title)s”从公告到截止只有 %(days)s 天。") % {"title": project.title, "days": days}
            yield Flag(rule, words, (_of(project),))


def _single_bid(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """R018: a competitive purchase with a single bid."""
    for project in data.projects:
        bids = data.bids[project.pk]
        if len(bids) == rule.value["bids"] and project.method not in DIRECT:
            words = _("“%(title)s”只有 %(count)s 家投标。") % {"title": project.title, "count": len(bids)}
            yield Flag(rule, words, (_of(project), *map(_priced, bids)))


def _close_price(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """R024: a losing price very close to the winning one."""
    for project in data.projects:
        won = data.won(project)
        if len(won) != 1 or not won[0].price:
            continue
        near = [
            bid
            for bid in data.bids[project.pk]
            if bid.price
            and bid != won[0]
            and 0 < abs(bid.price - won[0].price) * 100 < won[0].price * rule.value["percent"]
        ]
        if near:
            words = _("“%(title)s”有报价与成交价几乎相同。") % {"title": project.title}
            yield Flag(rule, words, (_of(project), _priced(won[0]), *map(_priced, near)))


def _same_price(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """R028: several bids with the same price."""
    for project in data.projects:
        by_price: dict[Decimal, list[Bid]] = defaultdict(list)
        for bid in data.bids[project.pk]:
            if bid.price:
                by_price[bid.price].append(bid)
        for price, same in by_price.items():
            if len(same) >= rule.value["bids"]:
                words = _("“%(title)s”有 %(count)s 家报价都是 %(price)s 元。") % {
                    "title": project.title,
                    "count": len(same),
                    "price": money(price),
                }
                yield Flag(rule, words, (_of(project), *map(_priced, same)))


def _others_out(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """R035: all bids but the winner were rejected."""
    for project in data.projects:
        bids, won = data.bids[project.pk], data.won(project)
        out = [bid for bid in bids if bid.status == BidStatus.REJECTED]
        if len(won) == 1 and len(out) == len(bids) - 1 and len(out) >= rule.value["bids"]:
            words = _("“%(title)s”除成交的一家外，%(count)s 家都被判无效。") % {
                "title": project.title,
                "count": len(out),
            }
            yield Flag(rule, words, (_of(project), *(_rejected(bid) for bid in out)))


def _rejected(bid: Bid) -> Evidence:
    """A rejected bid and the reason as evidence."""
    return Evidence(f"{bid.provider}：{bid.why}", bid.get_absolute_url())


def _lowest_out(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """R036: the lowest bid was rejected, well below the winning price."""
    for project in data.projects:
        won = data.won(project)
        priced = [bid for bid in data.bids[project.pk] if bid.price]
        if len(won) != 1 or not priced:
            continue
        lowest = min(priced, key=lambda bid: bid.price or Decimal("0"))
        least = won[0].price * (100 - rule.value["percent"]) / 100
        if lowest.status == BidStatus.REJECTED and lowest.price < least:
            words = _("“%(title)s”的最低报价被判无效。") % {"title": project.title}
            yield Flag(rule, words, (_of(project), _rejected(lowest), _priced(won[0])))


def _near_the_ceiling(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD03: a winning price close to the most that the purchase may cost."""
    for project in data.projects:
        for bid in data.won(project):
            if bid.price and bid.price * 100 > project.amount * (100 - rule.value["percent"]):
                words = _("“%(title)s”成交价 %(price)s 元，最高限价 %(amount)s 元。") % {
                    "title": project.title,
                    "price": money(bid.price),
                    "amount": money(project.amount),
                }
                yield Flag(rule, words, (_of(project), _priced(bid)))


# --- several purchases ------------------------------------------------------------------------


def _by_item(data: Dataset) -> Iterator[tuple[str, list[Project]]]:
    """The purchases of each item by each buyer that did not fail, oldest first, with the item's code."""
    pairs = [
        ((project.buyer_id, item.item.code), project)
        for project in data.projects
        for item in project.items.all()
        if project.status not in (ProjectStatus.FAILED, ProjectStatus.CANCELLED)
    ]
    pairs.sort(key=lambda pair: (pair[0], pair[1].published_at))
    for (_buyer, code), group in groupby(pairs, key=lambda pair: pair[0]):
        yield code, [project for _key, project in group]


def _splitting(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD01: purchases of one item, each below a threshold and together above it."""
    limits = data.rules["procurement.thresholds"].value
    span = timedelta(days=int(rule.value["days"]))
    kinds: tuple[tuple[str, Callable[[Project], bool]], ...] = (
        ("small_below", lambda project: project.method == Method.COMMISSION),
        ("open_from", lambda project: project.method not in (Method.OPEN, Method.FRAMEWORK)),
    )
    for code, projects in _by_item(data):
        for name, concerned in kinds:
            limit = Decimal(limits[name])
            small = [project for project in projects if concerned(project) and project.amount < limit]
            some = _over_together(small, span, limit, int(rule.value["purchases"]))
            if some:
                words = _("%(code)s 分 %(count)s 次采购，每次不足 %(limit)s 元，合计 %(sum)s 元。") % {
                    "code": code,
                    "count": len(some),
                    "limit": f"{limit:,.0f}",
                    "sum": money(sum((project.amount for project in some), Decimal("0"))),
                }
                yield Flag(rule, words, tuple(_dated(project) for project in some))


def _over_together(projects: list[Project], span: timedelta, limit: Decimal, least: int) -> list[Project]:
    """The first purchases (at least ``least``) within ``span`` that reach ``limit`` together (CNY)."""
    for number, first in enumerate(projects):
        near = [project for project in projects[number:] if _at(project) - _at(first) <= span]
        if len(near) >= least and sum(project.amount for project in near) >= limit:
            return near
    return []


def _at(project: Project) -> datetime:
    """When a purchase was published, else planned."""
    return project.published_at or project.created_at


def _dated(project: Project) -> Evidence:
    """A purchase with day and amount (CNY) as evidence."""
    words = f"{day(_at(project))} {project.title} {money(project.amount)}"
    return _of(project, words)


def _panel_replaced(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD06: many experts replaced by the buyer."""
    for project in data.projects:
        replaced = data.replaced.get(project.pk, 0)
        if replaced > rule.value["experts"]:
            words = _("“%(title)s”评审中由采购人更换了 %(count)s 位专家。") % {
                "title": project.title,
                "count": replaced,
            }
            yield Flag(rule, words, (_of(project),))


def _repeated_winner(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD02: one provider wins most purchases of an item."""
    for code, projects in _by_item(data):
        won = [
            (bid, project)
            for project in projects
            if project.status in DECIDED and not project.is_framework
            for bid in data.won(project)
        ]
        by_provider: dict[int, list[tuple[Bid, Project]]] = defaultdict(list)
        for bid, project in won:
            by_provider[bid.provider_id].append((bid, project))
        for mine in by_provider.values():
            share = len(mine) * 100 // len(won)
            if len(mine) >= rule.value["awards"] and share >= rule.value["percent"]:
                words = _("%(code)s 的 %(all)s 次采购，“%(name)s”成交 %(count)s 次。") % {
                    "code": code,
                    "all": len(won),
                    "name": mine[0][0].provider,
                    "count": len(mine),
                }
                yield Flag(rule, words, tuple(_dated(project) for _bid, project in mine))


# --- contracts --------------------------------------------------------------------------------


def _soon_amended(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD04: a contract increased soon after signature, or by much."""
    for amendment in data.amendments:
        contract = amendment.contract
        days = (amendment.created_at - contract.created_at).days
        percent = amendment.added * 100 / contract.signed_amount if contract.signed_amount else 0
        if days <= rule.value["days"] or percent >= rule.value["percent"]:
            words = _("“%(title)s”签约 %(days)s 天后增加 %(added)s 元（%(percent)s%%）。") % {
                "title": contract.title,
                "days": days,
                "added": money(amendment.added),
                "percent": round(percent, 1),
            }
            facts = (
                Evidence(f"{contract.number} {contract.title}", contract.get_absolute_url()),
                Evidence(amendment.why, amendment.get_absolute_url()),
            )
            yield Flag(rule, words, facts)


def _without_purchase(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD05: a large contract without a purchase."""
    for contract in data.contracts:
        if contract.amount >= rule.value["amount"]:
            words = _("“%(title)s”（%(amount)s 元，%(method)s）没有对应的采购项目。") % {
                "title": contract.title,
                "amount": money(contract.amount),
                "method": contract.get_method_display(),
            }
            where = Evidence(f"{contract.number} {contract.provider}", contract.get_absolute_url())
            yield Flag(rule, words, (where,))


_RULES: dict[str, Callable[[Dataset, Rule], Iterator[Flag]]] = {
    "R003": _short_notice,
    "R018": _single_bid,
    "R024": _close_price,
    "R028": _same_price,
    "R035": _others_out,
    "R036": _lowest_out,
    "LD01": _splitting,
    "LD02": _repeated_winner,
    "LD03": _near_the_ceiling,
    "LD04": _soon_amended,
    "LD05": _without_purchase,
    "LD06": _panel_replaced,
}
