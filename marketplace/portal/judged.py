"""Public pages of evaluations: results of a round, and why a provider left."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from evaluations.exits.models import PUBLIC as LEFT
from evaluations.exits.models import Exit
from evaluations.rounds.models import PUBLIC, Round
from foundation.permissions import ANYONE, access
from foundation.ui.views import Page


class ShowResults(Page):
    """The results of one round, on notice or published, with the seed to re-draw its cases."""

    access = access(GET=ANYONE)
    template = "portal/round.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(Round.objects.select_related("scheme"), pk=pk, status__in=PUBLIC)
        rows = found.assessments.select_related("provider__organization")
        return self.render({"round": found, "rows": rows})


class ShowLeft(Page):
    """Why a provider left, until when, and what was corrected later. The address stays valid."""

    access = access(GET=ANYONE)
    template = "portal/exit.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(
            Exit.objects.select_related("provider__organization"), pk=pk, status__in=LEFT
        )
        return self.render({"exit": found})
