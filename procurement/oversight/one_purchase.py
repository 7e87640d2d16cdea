"""Red flags of one purchase: its notice, its bids, its award."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.items.kinds import Method
from foundation import moments
from foundation.rules.reading import Rule
from foundation.wording import money
from procurement.bids.models import Bid
from procurement.bids.states import BidStatus
from procurement.oversight.evidence import Dataset, Evidence, Flag, fact_of, price_fact
from procurement.phases import REFUSED

#: Methods without competition.
DIRECT = (Method.SINGLE, Method.COMMISSION)


def short_notice(data: Dataset, rule: Rule) -> Iterator[Flag]:
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
            yield Flag(rule, words, (fact_of(project),))


def single_bid(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """R018: a competitive purchase with a single bid."""
    for project in data.projects:
        bids = data.bids[project.pk]
        if len(bids) == rule.value["bids"] and project.method not in DIRECT:
            words = _("“%(title)s”只有 %(count)s 家投标。") % {"title": project.title, "count": len(bids)}
            yield Flag(rule, words, (fact_of(project), *map(price_fact, bids)))


def close_price(data: Dataset, rule: Rule) -> Iterator[Flag]:
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
            yield Flag(rule, words, (fact_of(project), price_fact(won[0]), *map(price_fact, near)))


def same_price(data: Dataset, rule: Rule) -> Iterator[Flag]:
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
                yield Flag(rule, words, (fact_of(project), *map(price_fact, same)))


def others_out(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """R035: all bids but the winner were rejected."""
    for project in data.projects:
        bids, won = data.bids[project.pk], data.won(project)
        out = [bid for bid in bids if bid.status in BidStatus.in_phase(REFUSED)]
        if len(won) == 1 and len(out) == len(bids) - 1 and len(out) >= rule.value["bids"]:
            words = _("“%(title)s”除成交的一家外，%(count)s 家都被判无效。") % {
                "title": project.title,
                "count": len(out),
            }
            yield Flag(rule, words, (fact_of(project), *(_rejected(bid) for bid in out)))


def _rejected(bid: Bid) -> Evidence:
    """A rejected bid and the reason as evidence."""
    return Evidence(f"{bid.provider}：{bid.why}", bid.get_absolute_url())


def lowest_out(data: Dataset, rule: Rule) -> Iterator[Flag]:
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
            words = _("“%(title)s”的最低报价被判无效。") % {"title": project.title}
            yield Flag(rule, words, (fact_of(project), _rejected(lowest), price_fact(won[0])))


def near_the_ceiling(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD03: a winning price close to the most that the purchase may cost."""
    for project in data.projects:
        for bid in data.won(project):
            if bid.price and bid.price * 100 > project.amount * (100 - rule.value["percent"]):
                words = _("“%(title)s”成交价 %(price)s 元，最高限价 %(amount)s 元。") % {
                    "title": project.title,
                    "price": money(bid.price),
                    "amount": money(project.amount),
                }
                yield Flag(rule, words, (fact_of(project), price_fact(bid)))
