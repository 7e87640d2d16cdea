"""A page reads each rule once, however many rows it shows."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.rules import reading

#: Methods that change nothing, so that no rule changes meanwhile either.
SAFE = ("GET", "HEAD")


class RulesMiddleware:
    """Remembers rules while a request is answered that only reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self.get_response(request)
        with reading.remembered():
            return self.get_response(request)
