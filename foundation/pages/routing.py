"""Addresses made from a lifecycle table: one page for each row that people make."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import URLPattern, path

from foundation.lifecycle.table import Lifecycle
from foundation.pages.base import MovePage, StartPage, move_access
from foundation.roles import Role


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
    for row in lifecycle.starts:
        if row.roles - {Role.SYSTEM} and row.name in lifecycle.inputs and row.name not in without:
            page = type(
                f"{name}_{row.name}",
                (StartPage,),
                {"lifecycle": lifecycle, "row": row, "access": move_access(row)},
            )
            patterns.append(
                path(f"{prefix}/new/{row.name}/", page.as_view(), name=f"{name}-new-{row.name}")
            )
    for row in lifecycle.moves:
        if row.roles - {Role.SYSTEM}:
            page = type(
                f"{name}_{row.name}",
                (MovePage,),
                {"lifecycle": lifecycle, "row": row, "lookup": lookup, "access": move_access(row)},
            )
            patterns.append(
                path(
                    f"{prefix}/<{converter}:{lookup}>/{row.name.replace('_', '-')}/",
                    page.as_view(),
                    name=f"{name}-{row.name}",
                )
            )
    return patterns
