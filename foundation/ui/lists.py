"""The base of pages that list rows, newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from foundation.refusals import Words
from foundation.ui.pagination import in_order, paginate
from foundation.ui.tables import Column, narrowed, table
from foundation.ui.views import Page


class ListPage(Page):
    """A list whose columns are declared once."""

    #: The named address below which rows without ``get_absolute_url`` have their pages, and the
    #: attribute that identifies a row there.
    beneath: ClassVar[str] = ""
    by: ClassVar[str] = "number"
    #: Whether the name of a row is a link to its page.
    linked: ClassVar[bool] = True

    #: What is read of the rows of a page, where that is not what was found.
    rows: ClassVar[QuerySet[Any, Any] | None] = None

    @property
    def columns(self) -> Sequence[Column]:
        """The columns; the first one names the row."""
        raise TypeError(f"{type(self).__name__} names no columns")

    @property
    def choices(self) -> Mapping[str, Iterable[tuple[str, Words]]]:
        """The fields by which the list can be filtered (``?status=``), each with its values and labels."""
        return {}

    def joined(self) -> QuerySet[Any, Any] | None:
        """What is read of the rows of a page; a list whose rows depend on the day asks for it here."""
        return self.rows

    def show_list(self, found: QuerySet[Any, Any], *, status: int = 200, **shown: Any) -> HttpResponse:
        """The page of ``found`` that the request asks for; ``shown`` is further template context."""
        found, links = narrowed(found, self.request, **self.choices)
        page = paginate(found, self.request, rows=self.joined())
        context = {"page": page, "table": self.table(page), "filters": links, **shown}
        return self.render(context, status=status)

    def show_all(self, rows: Iterable[Any], *, status: int = 200, **shown: Any) -> HttpResponse:
        """The page of all ``rows``, for a list that stays short; ``shown`` is further template context."""
        page = list(rows)
        return self.render({"page": page, "table": self.table(page), **shown}, status=status)

    def show_in_order(self, rows: Sequence[Any], *, status: int = 200, **shown: Any) -> HttpResponse:
        """The page of ``rows`` that the request asks for, in their order; ``shown`` is further template context."""
        page = in_order(rows, self.request)
        return self.render({"page": page, "table": self.table(page), **shown}, status=status)

    def table(self, rows: Iterable[Any]) -> SafeString:
        """The rows as a table with the columns of this list."""
        address = self.address_of if self.linked else None
        return table(self.columns, rows, address=address, mark=self.mark)

    def address_of(self, row: Any) -> str:
        """The address of a row's page."""
        return f"{self._here}{getattr(row, self.by)}/" if self.beneath else row.get_absolute_url()

    def mark(self, row: Any) -> Any:
        """What is shown beside the name of a row."""
        return ""

    @cached_property
    def _here(self) -> str:
        return reverse(self.beneath)
