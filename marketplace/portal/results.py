"""The results of assistance, for anybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.access import ANYONE, access
from foundation.pages.base import Page
from referrals import publishing


class Results(Page):
    """What was done in the last weeks, without anybody's name."""

    access = access(GET=ANYONE)
    template = "portal/results.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show({"results": publishing.results()})
