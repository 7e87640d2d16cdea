"""Red flags that show in several purchases of one buyer, or in the people of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from catalog.items.kinds import Method
from foundation.lifecycle.phases import DROPPED
from foundation.rules.reading import Rule
from foundation.wording import day, money
from procurement.bids.models import Bid
from procurement.oversight.evidence import Dataset, Evidence, Flag, fact_of
from procurement.phases import AWARD_PUBLISHED
from procurement.purchases.models import Project
from procurement.purchases.states import ProjectStatus


def _by_item(data: Dataset) -> Iterator[tuple[str, list[Project]]]:
    """The purchases of each item by each buyer that did not fail, oldest first, with the item's code."""
    pairs = [
        ((project.buyer_id, item.item.code), project)
        for project in data.projects
        for item in project.items.all()
        if project.status in ProjectStatus.in_phase(~DROPPED)
    ]
    pairs.sort(key=lambda pair: (pair[0], pair[1].published_at))
    for (_buyer, code), group in groupby(pairs, key=lambda pair: pair[0]):
        yield code, [project for _key, project in group]


def splitting(data: Dataset, rule: Rule) -> Iterator[Flag]:
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
    return fact_of(project, words)


def panel_replaced(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD06: many experts replaced by the buyer."""
    for project in data.projects:
        replaced = data.replaced.get(project.pk, 0)
        if replaced > rule.value["experts"]:
            words = _("“%(title)s”评审中由采购人更换了 %(count)s 位专家。") % {
                "title": project.title,
                "count": replaced,
            }
            yield Flag(rule, words, (fact_of(project),))


def repeated_winner(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD02: one provider wins most purchases of an item."""
    for code, projects in _by_item(data):
        won = [
            (bid, project)
            for project in projects
            if project.status in ProjectStatus.in_phase(AWARD_PUBLISHED) and not project.is_framework
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
