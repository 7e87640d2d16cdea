"""Red flags that show in several purchases of one buyer, or in the people of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from catalog.items.kinds import Method
from foundation.lifecycle.phases import DROPPED
from foundation.rules.reading import Rule
from procurement.bids.models import Bid
from procurement.oversight.evidence import (
    Dataset,
    Found,
    dated,
    in_purchase,
    named,
    of_item,
    published_or_planned,
)
from procurement.oversight.models import FlagFact, Telling
from procurement.phases import AWARD_PUBLISHED
from procurement.purchases.models import Project
from procurement.purchases.states import ProjectStatus


def _by_item(data: Dataset) -> Iterator[tuple[int, str, list[Project]]]:
    """The purchases of each item by each buyer that did not fail, oldest first, with the
    buyer's key and the item's code.
    """
    pairs = [
        ((project.buyer_id, item.item.code), project)
        for project in data.projects
        for item in project.items.all()
        if project.status in ProjectStatus.in_phase(~DROPPED)
    ]
    pairs.sort(key=lambda pair: (pair[0], pair[1].published_at))
    for (buyer, code), group in groupby(pairs, key=lambda pair: pair[0]):
        yield buyer, code, [project for _key, project in group]


def splitting(data: Dataset, rule: Rule) -> Iterator[Found]:
    """LD01: purchases of one item, each below a threshold and together above it."""
    limits = data.rules["procurement.thresholds"].value
    span = timedelta(days=int(rule.value["days"]))
    kinds: tuple[tuple[str, Callable[[Project], bool]], ...] = (
        ("small_below", lambda project: project.method == Method.COMMISSION),
        ("open_from", lambda project: project.method not in (Method.OPEN, Method.FRAMEWORK)),
    )
    for buyer, code, projects in _by_item(data):
        for name, concerned in kinds:
            limit = Decimal(limits[name])
            small = [project for project in projects if concerned(project) and project.amount < limit]
            some = _over_together(small, span, limit, int(rule.value["purchases"]))
            if some:
                together = sum((project.amount for project in some), Decimal("0"))
                figures = {"code": code, "count": len(some), "limit": str(limit), "sum": str(together)}
                facts = tuple(dated(project) for project in some)
                yield Found(rule, of_item(buyer, code), buyer, facts, figures, part=name)


def _over_together(projects: list[Project], span: timedelta, limit: Decimal, least: int) -> list[Project]:
    """The first purchases (at least ``least``) within ``span`` that reach ``limit`` together (CNY)."""
    for number, first in enumerate(projects):
        near = [
            project
            for project in projects[number:]
            if published_or_planned(project) - published_or_planned(first) <= span
        ]
        if len(near) >= least and sum(project.amount for project in near) >= limit:
            return near
    return []


def panel_replaced(data: Dataset, rule: Rule) -> Iterator[Found]:
    """LD06: many experts replaced by the buyer."""
    for project in data.projects:
        replaced = data.replaced.get(project.pk, 0)
        if replaced > rule.value["experts"]:
            yield in_purchase(rule, project, named(project), count=replaced)


def repeated_winner(data: Dataset, rule: Rule) -> Iterator[Found]:
    """LD02: one provider wins most purchases of an item."""
    for buyer, code, projects in _by_item(data):
        won = [
            (bid, project)
            for project in projects
            if project.status in ProjectStatus.in_phase(AWARD_PUBLISHED) and not project.is_framework
            for bid in data.won(project)
        ]
        by_provider: dict[int, list[tuple[Bid, Project]]] = defaultdict(list)
        for bid, project in won:
            by_provider[bid.provider_id].append((bid, project))
        for provider, mine in by_provider.items():
            share = len(mine) * 100 // len(won)
            if len(mine) >= rule.value["awards"] and share >= rule.value["percent"]:
                winner = FlagFact(provider_id=provider, telling=Telling.NAME)
                facts = (winner, *(dated(project) for _bid, project in mine))
                figures = {"code": code, "all": len(won), "count": len(mine)}
                yield Found(rule, of_item(buyer, code), buyer, facts, figures, part=str(provider))
