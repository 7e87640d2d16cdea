"""Which models a page shows, read in its source: what it looks for among what its reader sees."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

from django.db import models

from foundation.ui.views import Guarded
from marketplace import permissions_table

#: Functions and methods that find what a reader sees.
FINDING = ("find_visible", "visible", "visible_to")


def views() -> list[Any]:
    """The view of each address that declares who is admitted."""
    return [address.view for address in permissions_table.addresses() if address.access is not None]


def pages() -> list[type[Guarded]]:
    """Every page, once."""
    return list(dict.fromkeys(view for view in views() if issubclass(view, Guarded)))


def shown_on(page: type[Guarded]) -> list[type[models.Model]]:
    """The models whose objects a page is about: each of which it finds one, else the first that it lists."""
    found: dict[str, list[type[models.Model]]] = {name: [] for name in FINDING}
    for owner in page.__mro__:
        if (
            owner.__module__.partition(".")[0] in ("django", "builtins")
            or owner.__module__ == "foundation.ui.views"
        ):
            continue
        for call, model in _found_in(owner):
            found[call].append(model)
    listed = [*found["visible"], *found["visible_to"]]
    return found["find_visible"] or listed[:1]


def _found_in(owner: type) -> Iterator[tuple[str, type[models.Model]]]:
    """The calls in a class that find what a reader sees, each with the model."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    assigned = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            start = node.func if name == "visible_to" else node.args[0] if node.args else None
            if name in FINDING and start is not None:
                model = _model_at(start, assigned, sys.modules[owner.__module__])
                if model is not None:
                    yield name, model


def _model_at(node: ast.expr, assigned: dict[str, ast.expr], module: Any) -> type[models.Model] | None:
    """The model at the beginning of an expression: ``Bid.objects.filter(…)``, ``ROWS``."""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    if not isinstance(node, ast.Name):
        return None
    if node.id in assigned and node.id not in vars(module):
        return _model_at(assigned.pop(node.id), assigned, module)
    value = getattr(module, node.id, None)
    if isinstance(value, models.QuerySet):
        return value.model
    return value if isinstance(value, type) and issubclass(value, models.Model) else None
