"""Null bytes in addresses and forms, which PostgreSQL cannot store."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

from foundation.forms.typed import GAP


class PathMiddleware:
    """Answers 400 to an address with a null byte.

    In the post of a form ``GAP`` replaces it, so that the form can report the error at its field and
    keep everything typed, and other readers of the post do not fail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The directory reports the error at the parameter itself.
        asked = not request.path.startswith("/hsds/") and _holds_a_null(request.GET)
        if asked or "\0" in request.path:
            raise BadRequest("null byte in the address")
        a_form = request.method == "POST" and not request.path.startswith("/api/")
        if a_form and _holds_a_null(request.POST):
            request.POST = _with_gaps(request.POST)  # type: ignore[assignment]  # a QueryDict as well
        return self.get_response(request)


def _holds_a_null(query: QueryDict) -> bool:
    """Whether a name or value of the query has a null byte."""
    return any("\0" in text for name, values in query.lists() for text in (name, *values))


def _with_gaps(query: QueryDict) -> QueryDict:
    """The query with ``GAP`` in place of null bytes."""
    replaced = QueryDict(mutable=True)
    for name, values in query.lists():
        replaced.setlist(name.replace("\0", GAP), [value.replace("\0", GAP) for value in values])
    return replaced
