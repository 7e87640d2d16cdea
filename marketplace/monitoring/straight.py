"""The way of watching machines past the rest of the middleware.

They ask by number and not by the name of the site, have no session, and speak HTTP also where people
are sent to HTTPS. Headers of proxies are still in their requests. Past the session, ``/health/live``
needs no database.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve


class StraightMiddleware:
    """Calls the views for watching machines itself; every other request goes its way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._paths = {"/health/live", "/health/ready", *(["/metrics"] if settings.METRICS else [])}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in self._paths:
            return self.get_response(request)
        request.resolver_match = match = resolve(request.path_info)
        answer: HttpResponseBase = match.func(request)
        return answer
