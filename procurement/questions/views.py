"""The page of a question."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from procurement.questions.models import Question


class ShowQuestion(Page):
    """A question and its answer."""

    access = access_to(Question)
    template = "procurement/questions/question.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        question = find_visible(Question, self.actor, pk=pk)
        return self.render(
            {
                "object": question,
                "transitions": question.transitions_for(self.actor),
                "timeline": timeline.entries_of([question], to=self.actor),
            }
        )
