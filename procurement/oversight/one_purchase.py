"""Red flags of one purchase: its notice, its bids, its award."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from catalog.items.kinds import Method
from foundation import moments
from foundation.rules.reading import Rule
from procurement.bids.models import Bid
from procurement.bids.states import BidStatus
from procurement.oversight.evidence import Dataset, Found, in_purchase, named, with_price, with_reason
from procurement.phases import REFUSED

#: Methods without competition.
DIRECT = (Method.SINGLE, Method.COMMISSION)


def short_notice(data: Dataset, rule: Rule) -> Iterator[Found]:
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
            yield in_purchase(rule, project, named(project), days=days)


def single_bid(data: Dataset, rule: Rule) -> Iterator[Found]:
    """R018: a competitive purchase with a single bid."""
    for project in data.projects:
        bids = data.bids[project.pk]
        if len(bids) == rule.value["bids"] and project.method not in DIRECT:
            yield in_purchase(rule, project, named(project), *map(with_price, bids), count=len(bids))


def close_price(data: Dataset, rule: Rule) -> Iterator[Found]:
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
            yield in_purchase(rule, project, named(project), *map(with_price, (won[0], *near)))


def same_price(data: Dataset, rule: Rule) -> Iterator[Found]:
    """R028: several bids with the same price."""
    for project in data.projects:
        by_price: dict[Decimal, list[Bid]] = defaultdict(list)
        for bid in data.bids[project.pk]:
            if bid.price:
                by_price[bid.price].append(bid)
        for price, same in by_price.items():
            if len(same) >= rule.value["bids"]:
                yield in_purchase(
                    rule,
                    project,
                    named(project),
                    *map(with_price, same),
                    part=str(price),
                    count=len(same),
                    price=str(price),
                )


def others_out(data: Dataset, rule: Rule) -> Iterator[Found]:
    """R035: all bids but the winner were rejected."""
    for project in data.projects:
        bids, won = data.bids[project.pk], data.won(project)
        out = [bid for bid in bids if bid.status in BidStatus.in_phase(REFUSED)]
        if len(won) == 1 and len(out) == len(bids) - 1 and len(out) >= rule.value["bids"]:
            yield in_purchase(rule, project, named(project), *map(with_reason, out), count=len(out))


def lowest_out(data: Dataset, rule: Rule) -> Iterator[Found]:
    """R036: the lowest bid was rejected, well below the winning price."""
    for project in data.projects:
        won = data.won(project)
        priced = [bid for bid in data.bids[project.pk] if bid.price]
        if len(won) != 1 or not priced:
            continue
        lowest = min(priced, key=lambda bid: bid.price or Decimal("0"))
        least = won[0].price * (100 - rule.value["percent"]) / 100
        refused = lowest.status in BidStatus.in_phase(REFUSED)
        if refused and lowest.price < least:
            yield in_purchase(rule, project, named(project), with_reason(lowest), with_price(won[0]))


def near_the_ceiling(data: Dataset, rule: Rule) -> Iterator[Found]:
    """LD03: a winning price close to the most that the purchase may cost."""
    for project in data.projects:
        for bid in data.won(project):
            if bid.price and bid.price * 100 > project.amount * (100 - rule.value["percent"]):
                yield in_purchase(
                    rule,
                    project,
                    named(project),
                    with_price(bid),
                    part=str(bid.pk),
                    price=str(bid.price),
                    amount=str(project.amount),
                )
