"""Defaults that the framework's settings name: permission and paging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from foundation.access import Access, role_of

if TYPE_CHECKING:
    from rest_framework.views import APIView


class Declared(BasePermission):
    """Admits whom the view's declared access names."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        declared: Access = view.access
        if not declared.admitted(request.method):
            return True  # the view answers 405 itself
        return declared.allows(request.method, role_of(request._request))


class Paging(CursorPagination):
    """Pages by cursor, newest first; ``page_size`` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-pk"
