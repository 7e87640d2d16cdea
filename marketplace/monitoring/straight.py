"""The way of watching machines past the rest of the middleware.

They ask by number and not by the name of the site, have no session, and speak HTTP also where people
are sent to HTTPS. The way past the session is also what lets ``/health/live`` answer without a database.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve

#: The paths that are answered straight.
PATHS = frozenset({"/health/live", "/health/ready"})


class StraightMiddleware:
    """Calls the view of the ``PATHS`` itself; every other request goes its way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in PATHS:
            return self.get_response(request)
        request.resolver_match = match = resolve(request.path_info)
        answer: HttpResponseBase = match.func(request)
        return answer
