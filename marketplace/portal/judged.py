"""Public pages of evaluations: results of a round, and why a provider left."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from evaluations.assessments.models import Assessment
from evaluations.exits.models import Exit
from evaluations.rounds.models import Round
from foundation.permissions import ANYONE, access
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, or_dash, table
from foundation.ui.views import Page

#: The columns of the results of a round.
RESULTS = (
    Column(gettext_lazy("机构"), "provider"),
    Column(gettext_lazy("名次"), lambda row: or_dash(row.rank)),
    Column(gettext_lazy("得分"), "total_words", "money"),
    Column(gettext_lazy("等级"), "grade_words"),
)


def _provider_page(row: Assessment) -> str:
    """The public page of the provider."""
    return reverse("public-provider", args=[row.provider.organization.code])


class ShowResults(Page):
    """The results of one round, on notice or published, with the seed to re-draw its cases."""

    access = access(GET=ANYONE)
    template = "portal/round.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(Round.objects.public().select_related("scheme"), pk=pk)
        assessments = found.assessments.select_related("provider__organization")
        rows = in_order(assessments.without_long_columns(), request)
        shown = table(RESULTS, rows, address=_provider_page)
        return self.render({"round": found, "rows": rows, "table": shown})


class ShowLeft(Page):
    """Why a provider left, until when, and what was corrected later. The address stays valid."""

    access = access(GET=ANYONE)
    template = "portal/exit.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(Exit.objects.published().select_related("provider__organization"), pk=pk)
        return self.render({"exit": found})
