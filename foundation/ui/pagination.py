"""Long lists page by page, without counting the rows: newest first, or in an order of their own.

A page with several lists gives each a parameter of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest

from foundation.forms.typed import whole_number
from foundation.found_first import joined_last

#: Rows of one page.
PAGE = 50

#: No list in an order of its own is as long.
LAST_POSITION = 1_000_000


@dataclass(frozen=True)
class PageOfRows:
    """One page of a list; ``older`` and ``newest`` are addresses, "" where there is none.

    With ``in_order`` they are those of what comes next, and of the beginning.
    """

    rows: list[Any]
    older: str
    newest: str
    in_order: bool = False

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def paginate(
    found: models.QuerySet[Any, Any],
    request: HttpRequest,
    name: str = "before",
    *,
    rows: models.QuerySet[Any, Any] | None = None,
) -> PageOfRows:
    """The page of ``found`` that the request asks for (``?before=`` a primary key), newest first.

    ``rows`` is what is read of them, as rows of the whole table; without it, they are read as they were found.
    """
    before = whole_number(request.GET.get(name, ""))
    ordered = found.order_by("-pk")
    part = (ordered.filter(pk__lt=before) if before else ordered)[: PAGE + 1]
    if rows is not None or found.query.select_related:
        part = joined_last(part, found if rows is None else rows).order_by("-pk")
    return _page(list(part), bool(before), request, name)


def _page(rows: list[Any], later: bool, request: HttpRequest, name: str) -> PageOfRows:
    """A page of one row more than it shows, if there are more behind it."""
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return PageOfRows(
        rows=rows,
        older=_address(request, name, rows[-1].pk) if more else "",
        newest=_address(request, name, None) if later else "",
    )


def in_order(
    rows: Sequence[Any] | models.QuerySet[Any], request: HttpRequest, name: str = "from", *, most: int = PAGE
) -> PageOfRows:
    """The page of ``rows`` that the request asks for (``?from=`` a position), in their order.

    For lists of some thousands at most, as the providers of a round; ``most`` rows are shown at once.
    """
    start = position(request, name)
    return in_order_from(start, list(rows[start : start + most + 1]), request, name, most=most)


def position(request: HttpRequest, name: str = "from") -> int:
    """From where on the request asks for a list in its order."""
    return min(whole_number(request.GET.get(name, "")) or 0, LAST_POSITION)


def in_order_from(
    start: int, found: Sequence[Any], request: HttpRequest, name: str = "from", *, most: int = PAGE
) -> PageOfRows:
    """The page of a list that begins at ``start``; ``found`` is one row more than it shows, if there are more."""
    return PageOfRows(
        rows=list(found[:most]),
        older=_address(request, name, start + most) if len(found) > most else "",
        newest=_address(request, name, None) if start else "",
        in_order=True,
    )


def _address(request: HttpRequest, name: str, value: int | None) -> str:
    """The present query with another value of that name, or without it."""
    query = request.GET.copy()
    query.pop(name, None)
    if value is not None:
        query[name] = str(value)
    return f"?{query.urlencode()}"
