"""One line in the log for each request, and the number under which everything about it is found."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from structlog.contextvars import bound_contextvars

from foundation.hooks import Hook
from marketplace.monitoring.logs import route_of

if TYPE_CHECKING:
    from foundation.permissions import ActorRequest

log = structlog.stdlib.get_logger(__name__)


#: The names in the environment of a request under which the gateway hands on its number, and the
#: moment (``time.monotonic``) at which its headers had come.
NUMBER, CAME = "liandong.request_id", "liandong.came"


#: Called for each answer with route, method, status, and the seconds of work.
answered: Hook[[str, str, int, float], None] = Hook()


#: Methods that are told as they are; a client may send any word.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


#: The beginning of routes that machines ask every few seconds.
WATCHED = ("/health/", "/metrics")


def number() -> str:
    """A new number of a request."""
    return uuid.uuid4().hex


class RequestLogMiddleware:
    """Gives the request its number (header ``X-Request-Id``) and tells how it was answered.

    It is the outermost middleware. A number that the client sends is not believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get(NUMBER) or number()
        cast("ActorRequest", request).request_id = given
        began = time.monotonic()
        with bound_contextvars(request_id=given):
            answer = self.get_response(request)
            answer.headers["X-Request-Id"] = given
            _tell(request, answer.status_code, began)
        return answer


def _tell(request: HttpRequest, status: int, began: float) -> None:
    """Write the line: who asked is the key of the user and the role, if they were asked for at all."""
    actor = getattr(request, "actor", None)
    told = {
        "user": actor and actor.user_id,
        "role": actor and str(actor.role),
        "waited_ms": _milliseconds(began - request.META.get(CAME, began)),
    }
    tell(_route(request), request.method or "", status, time.monotonic() - began, **told)


def tell(route: str, method: str, status: int, seconds: float, **told: object) -> None:
    """Write the line of a request: at INFO; at WARNING for a fault, at DEBUG for what machines watch."""
    method = method if method in METHODS else "OTHER"
    write = log.warning if status >= 500 else log.debug if route.startswith(WATCHED) else log.info
    write("request", route=route, method=method, status=status, duration_ms=_milliseconds(seconds), **told)
    answered.call(route, method, status, seconds)


def _route(request: HttpRequest) -> str:
    """The route of the address, and that of all static files."""
    static = request.path_info.startswith(settings.STATIC_URL)
    return settings.STATIC_URL if static else route_of(request)


def _milliseconds(seconds: float) -> float:
    """Seconds as milliseconds, to a tenth."""
    return round(seconds * 1000, 1)
