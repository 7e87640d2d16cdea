"""Permission, filters and paging that DRF's settings name as defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_filters import Filter
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework import exceptions
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from foundation.forms.base import AskingForm
from foundation.forms.fields import CountField
from foundation.forms.typed import whole_number
from foundation.permissions import Access, role_of

if TYPE_CHECKING:
    from rest_framework.views import APIView


class Declared(BasePermission):
    """Admits the roles that the view's ``access`` declares."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        declared: Access = cast(Any, view).access
        if not declared.admitted(request.method):
            return True  # the view answers 405 itself
        return declared.allows(request.method, role_of(request._request))


#: The highest primary key that there can be.
LAST_KEY = models.BigIntegerField.MAX_BIGINT


class _KeyFilter(Filter):
    """The primary key of a related object: what is not there has no rows, and neither has what the reader does
    not see.
    """

    field_class = CountField


class _TypedFilters(FilterSet):
    """Filters that fold typed characters, as every other form of the product does."""

    class Meta:
        form = AskingForm
        filter_overrides: ClassVar = {
            models.ForeignKey: {"filter_class": _KeyFilter, "extra": lambda relation: {"most": LAST_KEY}}
        }


class Filters(DjangoFilterBackend):
    """django-filter's backend with ``_TypedFilters``, for ``filterset_fields`` of a view."""

    filterset_base = _TypedFilters


class Paging(CursorPagination):
    """Pages by cursor, newest first: 40 rows, or ``page_size`` up to 200."""

    page_size = 40
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-pk"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """The rows of the page: their keys first, and then what is joined to these few.

        PostgreSQL orders no more than eight tables freely, and may else join all rows before it looks which
        of them the reader may see.
        """
        if not queryset.query.select_related:
            return super().paginate_queryset(queryset, request, view)
        plain = queryset.select_related(None).prefetch_related(None).only("pk", self.ordering.strip("-"))
        page: list[Any] = super().paginate_queryset(plain, request, view) or []
        rows = {row.pk: row for row in queryset.filter(pk__in=[row.pk for row in page])}
        return [rows[row.pk] for row in page if row.pk in rows]

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The position where the page begins; raises ``ValidationError`` for a cursor that is not ours."""
        message = {"cursor": [_("这个页码不是从上一页得到的。")]}
        try:
            found = super().decode_cursor(request)
        except exceptions.NotFound:
            raise exceptions.ValidationError(message) from None
        if found and found.position is not None and not self.is_position(str(found.position)):
            raise exceptions.ValidationError(message)
        return found

    def is_position(self, text: str) -> bool:
        """Whether a page may begin behind this value of what the rows are ordered by."""
        return whole_number(text) is not None


class InTurn(Paging):
    """Pages by cursor, in the order in which the rows were made."""

    ordering = "pk"


class LongestFirst(Paging):
    """Pages by cursor, the rows that were made first before all others."""

    ordering = "created_at"

    def is_position(self, text: str) -> bool:
        try:
            return parse_datetime(text) is not None
        except ValueError:
            return False


def unknown_filters(request: Request, known: tuple[str, ...]) -> None:
    """Raise ``ValidationError`` for query parameters that the address does not know."""
    allowed = {*known, "cursor", "page_size", "format"}
    unknown = set(request.query_params) - allowed
    if unknown:
        raise exceptions.ValidationError({name: [_("没有这个筛选条件。")] for name in unknown})
