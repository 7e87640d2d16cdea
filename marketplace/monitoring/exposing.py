"""The address ``/metrics``, which is there with ``METRICS=1`` alone."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST

from foundation.permissions import ANYONE, access
from foundation.ui.views import Page
from marketplace.errors import faults
from marketplace.monitoring import metrics
from marketplace.server import proxies


class Metrics(Page):
    """The figures, for who asks from this machine or an address in ``METRICS_FROM``; for others there is nothing.

    Who comes through a proxy is not who the connection says, and gets nothing either.
    """

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest) -> HttpResponse:
        if not _admitted(request):
            kind, words = faults.words(404, request.path)
            return HttpResponse(words, content_type=kind, status=404)
        answer = HttpResponse(metrics.exposed(), content_type=CONTENT_TYPE_LATEST)
        answer["Cache-Control"] = "no-store"
        return answer


def _admitted(request: HttpRequest) -> bool:
    """Whether the connection itself is from an address that may read figures."""
    through_a_proxy = any(name in request.META for name in proxies.SAID_BY_PROXIES)
    address = request.META.get("REMOTE_ADDR", "")
    return not through_a_proxy and proxies.within(address, tuple(settings.METRICS_FROM))
