"""Addresses made from a lifecycle table: one page for each row that people make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.urls import URLPattern, path

from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import Role
from foundation.ui.views import FormPage, StartPage, TransitionPage, transition_access


def urls_of(
    lifecycle: Lifecycle,
    prefix: str,
    name: str,
    *,
    lookup: str = "pk",
    converter: str = "int",
    without: Sequence[str] = (),
) -> list[URLPattern]:
    """``/<prefix>/<lookup>/<move>/`` and ``/<prefix>/new/<start>/`` for each row.

    ``without`` names starts that have a page of their own elsewhere.
    """
    patterns = []
    for start in lifecycle.starts:
        acted = start.roles - {Role.SYSTEM} and start.name in lifecycle.action_forms
        if acted and start.name not in without:
            view = _page(StartPage, name, lifecycle, start).as_view()
            patterns.append(path(f"{prefix}/new/{start.name}/", view, name=f"{name}-new-{start.name}"))
    for move in lifecycle.transitions:
        if move.roles - {Role.SYSTEM}:
            address = f"{prefix}/<{converter}:{lookup}>/{move.name.replace('_', '-')}/"
            view = _page(TransitionPage, name, lifecycle, move, lookup=lookup).as_view()
            patterns.append(path(address, view, name=f"{name}-{move.name}"))
    return patterns


def _page(
    base: type[FormPage], name: str, lifecycle: Lifecycle, row: Transition | Start, **more: str
) -> type[FormPage]:
    """The page of one row."""
    given = {"lifecycle": lifecycle, "row": row, "access": transition_access(row), **more}
    return cast(type[FormPage], type(f"{name}_{row.name}", (base,), given))
