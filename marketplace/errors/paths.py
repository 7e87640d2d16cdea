"""No address and no form of ours holds a null byte, and the database takes none."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

from foundation.forms.typed import GAP


class PathMiddleware:
    """Answers 400 to an address with a null byte, before any view looks something up by it.

    In the post of a form a gap stands for it: the form tells it at its field and loses nothing
    of what was typed, and whoever reads the post by itself finds nothing that breaks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The directory tells by name what is wrong with a parameter.
        asked = not request.path.startswith("/hsds/") and _holds_a_null(request.GET)
        if asked or "\0" in request.path:
            raise BadRequest("null byte in the address")
        a_form = request.method == "POST" and not request.path.startswith("/api/")
        if a_form and _holds_a_null(request.POST):
            request.POST = _with_gaps(request.POST)  # type: ignore[assignment]  # as good as sent
        return self.get_response(request)


def _holds_a_null(query: QueryDict) -> bool:
    return any("\0" in text for name, values in query.lists() for text in (name, *values))


def _with_gaps(query: QueryDict) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, values in query.lists():
        found.setlist(name.replace("\0", GAP), [value.replace("\0", GAP) for value in values])
    return found
