"""A page reads the rules and the calendar of the city, and what steps lack, once, however much it shows."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.deadlines import calendar
from foundation.lifecycle import table
from foundation.rules import reading

#: Methods that change nothing, so that neither rules nor the calendar change meanwhile.
SAFE = ("GET", "HEAD")


class RulesMiddleware:
    """Remembers rules, the city's days and what steps lack while a request is answered that only reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self.get_response(request)
        with reading.remembered.meanwhile(), calendar.remembered.meanwhile(), table.remembered.meanwhile():
            return self.get_response(request)
