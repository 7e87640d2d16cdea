"""The results of assistance, for anybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.permissions import ANYONE, access
from foundation.ui.views import Page
from referrals.results import publishing


class Results(Page):
    """What was done in the last weeks, without anybody's name."""

    access = access(GET=ANYONE)
    template = "portal/results.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render({"results": publishing.results()})
