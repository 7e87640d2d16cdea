"""Whoever goes on after a refusal within a transaction does so under a savepoint, else the database refuses the rest."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from foundation import refusals
from tests.house.packages import ROOT, sources

#: The refusals by name.
REFUSALS = {
    name
    for name, kind in vars(refusals).items()
    if isinstance(kind, type) and issubclass(kind, refusals.Refused)
}

#: Who goes on without a savepoint, and why that is right.
WITHOUT = {
    "contracts/contracts/renewing.py": "asks whether something may be done, and does nothing",
    "referrals/rematching/market.py": "asks whether something may be done, and does nothing",
}

#: Files of these names answer requests, each of whose actions is a transaction of its own.
ANSWERS = {"views.py", "api.py", "forms.py", "lifecycle_pages.py", "links.py"}


def caught(handler: ast.ExceptHandler) -> set[str]:
    """The refusals that a handler catches."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {ast.unparse(kind).rpartition(".")[2] for kind in kinds if kind} & REFUSALS


def goes_on(found: ast.Try) -> bool:
    """Whether refusals are caught there, and the work goes on."""
    return any(
        caught(handler) and not any(isinstance(node, ast.Raise) for node in ast.walk(handler))
        for handler in found.handlers
    )


def saved(found: ast.Try) -> bool:
    """Whether all that is done there stands under a savepoint."""
    bare = [step for step in found.body if not _opens(step)]
    return not any(isinstance(node, ast.Call) for step in bare for node in ast.walk(step))


def _opens(step: ast.stmt) -> bool:
    """Whether a statement opens a savepoint for what is below it."""
    return isinstance(step, ast.With) and any(
        ast.unparse(item.context_expr) == "transaction.atomic()" for item in step.items
    )


def going_on() -> Iterator[tuple[str, ast.Try]]:
    """Where work goes on after a refusal, outside of what answers requests."""
    for path in sources():
        place = str(path.relative_to(ROOT))
        if path.name in ANSWERS or place.startswith("marketplace/portal/"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Try) and goes_on(node):
                yield place, node


def test_whoever_goes_on_after_a_refusal_does_so_under_a_savepoint():
    bare = {place for place, node in going_on() if not saved(node)}
    assert bare - set(WITHOUT) == set(), "isolation.one_of_many, or with transaction.atomic() inside of try"
    assert set(WITHOUT) - bare == set()
