"""What an action refuses for what is known beforehand is known where it is offered.

Every transition that people make and whose body, or what follows it, refuses otherwise than for what was typed has a
``fits``, a bar, or a function that says what is missing (``lacks``) or foreseen; or it stands here with why it needs none.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

from foundation.lifecycle.acting import Action
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Transition
from foundation.roles import Role
from tests.house.packages import FLOORS

#: Refusals that are no word about what was typed.
STATES = {"NotNow", "Refused", "NotYours", "Exhausted"}

#: How many calls deep a refusal is looked for.
DEEP = 3

#: Whatever is called so keeps files or rows, and refuses for what was sent.
OF_WHAT_WAS_SENT = {"save", "keep"}

#: Transitions that need none, and why.
EXCUSED = {
    (
        "households.Joining",
        "accept",
    ): "what changes about the person or the household ends what was asked at once",
    ("contracts.ClawBack", "receive"): "it depends on the amount that is typed",
    ("contracts.Contract", "cancel"): "all that is committed is given back, never more",
    ("foundation.HolidayNotice", "confirm"): "it is read again whether what changed since leaves it right",
    ("organizations.Membership", "limit"): "it depends on the day that is typed whether a role is prolonged",
    ("giving.Pool", "take_stock"): "it depends on what was counted",
    ("giving.Pool", "write_off"): "it depends on the amount that is typed",
    ("referrals.Referral", "complete"): "what is still reserved is given back, never more",
    ("referrals.Referral", "end_early"): "what is still reserved is given back, never more",
    ("referrals.Need", "bring_to_conference"): "a need ends with the last person of its household",
    ("referrals.Need", "transfer"): "a need ends with the last person of its household",
    ("organizations.Place", "change"): "the committee of the place follows it, whoever may change the place",
    ("organizations.CityList", "confirm"): "the whole of it is planned anew, under the lock of the city",
    ("procurement.KeyHolder", "take"): "nothing is published before every key holder has set the passphrase",
    ("procurement.Question", "answer"): "it depends on whether the answer is said to change bids",
}


@cache
def functions() -> dict[str, dict[str, ast.FunctionDef]]:
    """The functions of every module of the product, by the module's name."""
    found: dict[str, dict[str, ast.FunctionDef]] = {}
    for package in FLOORS:
        for path in (Path(settings.BASE_DIR) / package).rglob("*.py"):
            module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
            tree = ast.parse(path.read_text())
            found[module] = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return found


@cache
def homes() -> dict[str, list[str]]:
    """The modules in which a function of that name stands."""
    found: dict[str, list[str]] = {}
    for module, inside in functions().items():
        for name in inside:
            found.setdefault(name, []).append(module)
    return found


def called(node: ast.expr) -> str:
    """The last name of what is called or raised."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def refusals(module: str, name: str, deep: int, seen: set[tuple[str, str]]) -> Iterator[str]:
    """Where a function, or one that it calls, refuses otherwise than for what was typed."""
    if (module, name) in seen or name in OF_WHAT_WAS_SENT:
        return
    seen.add((module, name))
    for node in ast.walk(functions()[module][name]):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and called(node.exc.func) in STATES:
            yield f"{module}:{node.lineno}"
        if not deep or not isinstance(node, ast.Call):
            continue
        inner, home = called(node.func), _home_of(module, node.func)
        if home and not _is_an_action(home, inner):
            yield from refusals(home, inner, deep - 1, seen)


def _home_of(module: str, function: ast.expr) -> str:
    """The module of a function that is called in ``module``; "" where that is not plain."""
    name = called(function)
    there = [module] if name in functions()[module] else homes().get(name, [])
    if isinstance(function, ast.Attribute):
        there = [
            home for home in homes().get(name, []) if home.endswith(f".{called(function.value)}")
        ] or there
    return there[0] if len(there) == 1 else ""


def _is_an_action(module: str, name: str) -> bool:
    """Whether it is the body of another action, which answers for itself."""
    decorators = functions()[module][name].decorator_list
    return any(
        isinstance(one, ast.Call) and called(one.func) in ("transition", "start") for one in decorators
    )


def made_by_people() -> Iterator[tuple[Lifecycle, Transition, Action]]:
    """Every transition with a body that people make."""
    for lifecycle in LIFECYCLES.values():
        for row in lifecycle.transitions:
            action = lifecycle.actions.get(row.name)
            if isinstance(action, Action) and row.roles - {Role.SYSTEM}:
                yield lifecycle, row, action


def says_beforehand(lifecycle: Lifecycle, row: Transition) -> bool:
    """Whether something is asked where it is offered."""
    return bool(row.fits or row.bars or row.name in lifecycle.lacks or row.name in lifecycle.foreseen)


def test_whatever_refuses_says_so_where_it_is_offered():
    silent = {}
    for lifecycle, row, action in made_by_people():
        bodies = [one for one in (action.body, action.follow_up) if one is not None]
        known = [one for one in bodies if one.__name__ in functions().get(one.__module__, {})]
        found = [place for one in known for place in refusals(one.__module__, one.__name__, DEEP, set())]
        if found and not says_beforehand(lifecycle, row):
            silent[lifecycle.label, row.name] = found
    assert {key: places for key, places in silent.items() if key not in EXCUSED} == {}
    assert sorted(EXCUSED.keys() - silent.keys()) == [], "they need no excuse any more"


def test_it_would_find_one():
    found = list(refusals("referrals.offers.offering", "take", DEEP, set()))
    assert any(place.startswith("referrals.offers.offering") for place in found)
    assert any(place.startswith("contracts.contracts.quota") for place in found)
