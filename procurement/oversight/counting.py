"""Finding red flags in the data and keeping them: all each day, and what an event may change at its end.

A flag is no verdict. Codes that begin with R are those of the Open Contracting Partnership's red flags, as
its own tool (Cardinal) computes them; LD are ours, where it has none. Parameters are rules
(``red_flag.*``); a flag is taken away when the data no longer show it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from contracts.contracts.models import Contract
from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.rules.reading import Rule
from foundation.scheduling.stalled import queue_once
from procurement.oversight import contracting, of_people, one_purchase, several_purchases
from procurement.oversight.evidence import (
    OF_AN_ITEM,
    Dataset,
    Found,
    dataset_of,
    dataset_of_items,
    of_contract,
    of_item,
    of_purchase,
    rules_of_flags,
)
from procurement.oversight.models import OBJECTS, FlagCount, FlagFact, RedFlag
from procurement.purchases.models import Project, ProjectItem

#: What finds each code in purchases and contracts.
RULES: dict[str, Callable[[Dataset, Rule], Iterator[Found]]] = {
    "R003": one_purchase.short_notice,
    "R018": one_purchase.single_bid,
    "R024": one_purchase.close_price,
    "R028": one_purchase.same_price,
    "R035": one_purchase.others_out,
    "R036": one_purchase.lowest_out,
    "LD01": several_purchases.splitting,
    "LD02": several_purchases.repeated_winner,
    "LD03": one_purchase.near_the_ceiling,
    "LD04": contracting.soon_amended,
    "LD05": contracting.without_purchase,
    "LD06": several_purchases.panel_replaced,
}

#: What finds each code that shows in no purchase or contract, but in people.
OF_PEOPLE: dict[str, Callable[[Rule], Iterator[Found]]] = {"LD07": of_people.held_together}


# --- all ----------------------------------------------------------------------------------


def count_all() -> None:
    """Find the flags of every buyer anew, one buyer after the other, then those of people, and keep them."""
    versions = _versions()
    buyers = (
        Project.objects.order_by()
        .values("buyer")
        .union(Contract.objects.order_by().values("buyer"), RedFlag.objects.order_by().values("buyer"))
    )
    for buyer in sorted(row["buyer"] for row in buyers if row["buyer"]):
        _count_buyer(buyer)
    count_people()
    FlagCount.objects.update_or_create(pk=1, defaults={"counted_at": moments.now(), "versions": versions})


def keep_counted() -> bool:
    """Have all flags counted by the worker where they never were, or rules have changed since; returns whether."""
    last = FlagCount.objects.filter(pk=1).first()
    if last is not None and last.versions == _versions():
        return False
    # By name, since the task imports this module.
    queue_once("procurement.tasks.count_red_flags", lock="red_flags")
    return True


def _versions() -> dict[str, int]:
    """The versions in force of the rules that flags are found by."""
    return {key: rule.version for key, rule in rules_of_flags().items()}


@transaction.atomic
def _count_buyer(buyer_id: int) -> None:
    _lock(buyer_id)
    data = dataset_of(Project.objects.filter(buyer=buyer_id), Contract.objects.filter(buyer=buyer_id))
    _keep(_found_in(data), RedFlag.objects.filter(buyer=buyer_id))


@transaction.atomic(savepoint=False)
def count_people() -> None:
    """Find the flags of people anew, and keep them."""
    take_lock("red_flags", "people")
    rules = rules_of_flags()
    found = (one for code, find in OF_PEOPLE.items() for one in find(rules[f"red_flag.{code}"]))
    _keep(found, RedFlag.objects.filter(code__in=OF_PEOPLE))


# --- what an event may change -------------------------------------------------------------


class Moved(NamedTuple):
    """A purchase or a contract whose flags may be others now. Of a purchase ``with_items`` says that the flags of
    its items may be, too: its notice or its award is another, not a bid or an expert alone.
    """

    model: type[Project | Contract]
    pk: int
    with_items: bool = False


def count_moved(moved: Collection[Moved]) -> None:
    """Find the flags anew of what was moved, one buyer after the other; done ``alone`` at the end of an action."""
    by_buyer: dict[int, list[Project | Contract]] = defaultdict(list)
    for model in (Project, Contract):
        if keys := {one.pk for one in moved if one.model is model}:
            for obj in model._default_manager.filter(pk__in=keys).only("buyer"):
                by_buyer[obj.buyer_id].append(obj)
    with_items = {one.pk for one in moved if one.with_items}
    for buyer_id, objects in sorted(by_buyer.items()):
        projects = [obj for obj in objects if isinstance(obj, Project)]
        contracts = [obj for obj in objects if isinstance(obj, Contract)]
        _count_some(buyer_id, projects, contracts, with_items)


@transaction.atomic(savepoint=False)
def _count_some(
    buyer_id: int, projects: list[Project], contracts: list[Contract], with_items: Collection[int]
) -> None:
    """Find the flags of some purchases and contracts of a buyer anew, and those of the items of some of these."""
    _lock(buyer_id)
    scopes = {*map(of_purchase, projects), *map(of_contract, contracts)}
    own = dataset_of(
        Project.objects.filter(pk__in=[project.pk for project in projects]),
        Contract.objects.filter(pk__in=[contract.pk for contract in contracts]),
    )
    found = list(_found_in(own, [code for code in RULES if code not in OF_AN_ITEM]))
    moved = [project.pk for project in projects if project.pk in with_items]
    if moved:
        items = ProjectItem.objects.filter(project__in=moved).order_by()
        codes = set(items.values_list("item__code", flat=True))
        scopes |= {of_item(buyer_id, code) for code in codes}
        alike = Project.objects.filter(buyer=buyer_id, items__item__code__in=codes).distinct()
        found += _found_in(dataset_of_items(alike, codes), OF_AN_ITEM)
    _keep(found, RedFlag.objects.filter(scope__in=scopes))


# --- keeping ------------------------------------------------------------------------------


def _lock(buyer_id: int) -> None:
    """Count for one buyer at a time, so that who counts later sees what the earlier one saw."""
    take_lock("red_flags", str(buyer_id))


def _found_in(data: Dataset, codes: Iterable[str] = tuple(RULES)) -> Iterator[Found]:
    """Every flag of these codes in the data."""
    for code in codes:
        yield from RULES[code](data, data.rule(code))


def _keep(found: Iterable[Found], before: QuerySet[RedFlag]) -> None:
    """Keep what was found in place of the flags before; one that is the same as before stays as it is."""
    new = {(one.scope, one.code, one.part): one for one in found}
    old = {(flag.scope, flag.code, flag.part): flag for flag in before.prefetch_related("facts")}
    same = {key for key, flag in old.items() if key in new and _picture(flag) == _picture_of(new[key])}
    gone = [flag.pk for key, flag in old.items() if key not in same]
    if gone:
        RedFlag.objects.filter(pk__in=gone).delete()
    fresh = [one for key, one in new.items() if key not in same]
    flags = RedFlag.objects.bulk_create(map(_flag_of, fresh))
    facts: list[FlagFact] = []
    for flag, one in zip(flags, fresh, strict=True):
        for position, fact in enumerate(one.facts):
            fact.flag, fact.position = flag, position
            facts.append(fact)
    FlagFact.objects.bulk_create(facts)


def _flag_of(found: Found) -> RedFlag:
    """The flag to keep of what was found."""
    return RedFlag(
        code=found.code,
        rule_version=found.rule.version,
        rule_value=found.rule.value,
        scope=found.scope,
        part=found.part,
        buyer_id=found.buyer_id,
        figures=dict(found.figures),
        extent=len(found.facts),
    )


def _picture(flag: RedFlag) -> tuple[Any, ...]:
    """What a kept flag says."""
    return flag.rule_version, flag.buyer_id, flag.figures, [_fact_picture(fact) for fact in flag.facts.all()]


def _picture_of(found: Found) -> tuple[Any, ...]:
    """What would be kept of what was found."""
    facts = [_fact_picture(fact) for fact in found.facts]
    return found.rule.version, found.buyer_id, found.figures, facts


def _fact_picture(fact: FlagFact) -> tuple[Any, ...]:
    """What a fact says, and of which object."""
    return str(fact.telling), *(getattr(fact, f"{name}_id") for name in OBJECTS)
