"""Addresses for the machines that watch this one: ``/health/live`` and ``/health/ready``.

They come before host, session and https are looked at (``marketplace.monitoring.straight``).
"""

from __future__ import annotations

from typing import ClassVar

import structlog
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from health_check.exceptions import HealthCheckException

from foundation.permissions import ANYONE, access
from foundation.ui.views import Page
from marketplace.errors.faults import RETRY_AFTER
from marketplace.monitoring.parts import READY, Part

log = structlog.stdlib.get_logger(__name__)


class Health(Page):
    """200 if all parts are well, else 503; the answer names the parts and says no more of them."""

    access = access(GET=ANYONE)
    parts: ClassVar[tuple[type[Part], ...]] = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        told, well = {}, True
        for kind in self.parts:
            told[kind.name] = "unknown"
            if well:
                well = _is_well(kind())
                told[kind.name] = "ok" if well else "down"
        answer = JsonResponse(
            {"status": "ok" if well else "down", "parts": told}, status=200 if well else 503
        )
        answer["Cache-Control"] = "no-store"
        if not well:
            answer["Retry-After"] = str(RETRY_AFTER)
        return answer


def _is_well(part: Part) -> bool:
    """Whether a part is well; if not, why is logged."""
    try:
        part.run()
    except (HealthCheckException, Error) as fault:
        why = fault.message if isinstance(fault, HealthCheckException) else type(fault).__name__
        log.warning("health.not_ready", part=part.name, why=why)
        return False
    return True


class Live(Health):
    """The process answers; nothing else is asked, and no database."""


class Ready(Health):
    """The database answers, is of this version, and the worker's clocks run."""

    parts = READY
