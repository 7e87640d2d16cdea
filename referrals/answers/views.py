"""The satisfaction survey, opened by a link in a text (S20)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from foundation.forms.actions import ActionForm
from foundation.permissions import ANYONE, access
from foundation.refusals import NotNow
from foundation.roles import SYSTEM
from foundation.ui.views import FormPage
from referrals.answers import answering
from referrals.answers.forms import Rate


class AnswerSurvey(FormPage):
    """One question and a line for words; the link can be used once."""

    access = access(GET=ANYONE, POST=ANYONE)
    template = "referrals/answers/survey.html"
    keeps_draft = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method not in ("GET", "HEAD", "POST"):
            return super().dispatch(request, *args, **kwargs)
        try:
            self.need = answering.asked_by(kwargs["token"])
        except NotNow as refusal:
            return self._over(str(refusal.message), status=410)
        return super().dispatch(request, *args, **kwargs)

    def form_class(self) -> type[ActionForm]:
        return Rate

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def first_values(self) -> dict[str, Any]:
        return {}

    def get_context_data(self) -> dict[str, Any]:
        return {"object": self.need}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class()(request.POST)
        return self.act(form, "") if form.is_valid() else self.answer(form, status=422)

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        answering.rate(self.need, by=SYSTEM, **form.given())
        return self._over("")

    def _over(self, words: str, status: int = 200) -> HttpResponse:
        return self.render({"words": words}, template="referrals/answers/survey_over.html", status=status)
