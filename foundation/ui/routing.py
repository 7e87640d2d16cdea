"""URL patterns made from a lifecycle table, one for each row that people use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.urls import URLPattern, path

from foundation.lifecycle import addresses
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.permissions import Access, access
from foundation.roles import Role
from foundation.ui.lifecycle_pages import StartPage, TransitionPage
from foundation.ui.views import FormPage


def urls_of(
    lifecycle: Lifecycle,
    prefix: str,
    name: str,
    *,
    lookup: str = "pk",
    converter: str = "int",
    without: Sequence[str] = (),
) -> list[URLPattern]:
    """``/<prefix>/<lookup>/<transition>/`` and ``/<prefix>/new/<start>/`` for each row.

    ``without`` names starts that have a page elsewhere.
    """
    patterns = []
    addresses.BELOW[prefix] = lifecycle
    for start in lifecycle.starts:
        by_people = start.roles - {Role.SYSTEM} and start.name in lifecycle.action_forms
        if by_people and start.name not in without:
            view = _page(StartPage, name, lifecycle, start).as_view()
            patterns.append(path(f"{prefix}/new/{start.name}/", view, name=f"{name}-new-{start.name}"))
    for transition in lifecycle.transitions:
        if transition.roles - {Role.SYSTEM}:
            address = f"{prefix}/<{converter}:{lookup}>/{transition.name.replace('_', '-')}/"
            view = _page(TransitionPage, name, lifecycle, transition, lookup=lookup).as_view()
            patterns.append(path(address, view, name=f"{name}-{transition.name}"))
    return patterns


def _page(
    base: type[FormPage], name: str, lifecycle: Lifecycle, row: Transition | Start, **more: str
) -> type[FormPage]:
    """The view class of one row."""
    given = {"lifecycle": lifecycle, "row": row, "access": transition_access(row), **more}
    return cast(type[FormPage], type(f"{name}_{row.name}", (base,), given))


def transition_access(row: Transition | Start) -> Access:
    """The roles of a row may open and send its page."""
    people = row.roles - {Role.SYSTEM}
    return access(GET=people, POST=people)
