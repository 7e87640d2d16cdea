"""The satisfaction survey, opened by a link in a text (S20)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from foundation.forms.actions import ActionForm
from foundation.permissions import ANYONE, access
from foundation.roles import SYSTEM
from foundation.ui.links import LinkPage
from referrals.answers import answering
from referrals.answers.forms import Rate


class AnswerSurvey(LinkPage):
    """One question and a line for words; the link can be used once."""

    access = access(GET=ANYONE, POST=ANYONE)
    template = "referrals/answers/survey.html"
    over = "referrals/answers/survey_over.html"

    def follow(self, token: str) -> None:
        self.need = answering.asked_by(token)

    def form_class(self) -> type[ActionForm]:
        return Rate

    def get_context_data(self) -> dict[str, Any]:
        return {"object": self.need}

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        answering.rate(self.need, by=SYSTEM, **form.given())
        return self.say("")
