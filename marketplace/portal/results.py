"""The public page of results of assistance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.permissions import ANYONE, access
from foundation.ui.views import Page
from referrals.results import publishing


class Results(Page):
    """Figures and cases of the last weeks, without names."""

    access = access(GET=ANYONE)
    template = "portal/results.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render({"results": publishing.results()})
