"""Long lists page by page, newest first, without counting the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest

from foundation.forms.typed import whole_number

#: Rows of one page.
PAGE = 50


@dataclass(frozen=True)
class PageOfRows:
    """One page of a list; ``older`` and ``newest`` are addresses, "" where there is none."""

    rows: list[Any]
    older: str
    newest: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def paginate(found: models.QuerySet[Any], request: HttpRequest) -> PageOfRows:
    """The page of ``found`` that the request asks for (``?before=`` a primary key)."""
    before = whole_number(request.GET.get("before", ""))
    ordered = found.order_by("-pk")
    rows = list((ordered.filter(pk__lt=before) if before else ordered)[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return PageOfRows(
        rows=rows,
        older=_address(request, rows[-1].pk) if more else "",
        newest=_address(request, None) if before else "",
    )


def _address(request: HttpRequest, before: int | None) -> str:
    """The present query with another ``before``."""
    query = request.GET.copy()
    query.pop("before", None)
    if before is not None:
        query["before"] = str(before)
    return f"?{query.urlencode()}"
