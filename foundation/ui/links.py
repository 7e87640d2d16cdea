"""Pages for whoever holds a signed link."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.http import HttpRequest, HttpResponse

from foundation.forms.actions import ActionForm
from foundation.refusals import NotNow
from foundation.ui.views import FormPage


class LinkPage(FormPage, ABC):
    """The form behind a signed link: nobody has signed in, and nothing half-typed is kept.

    ``over`` is the template that says that the link is over, or what was done by it.
    """

    keeps_draft = False
    over: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method in ("GET", "HEAD", "POST"):
            try:
                self.follow(kwargs["token"])
            except NotNow as refusal:
                return self.say(str(refusal.message), status=410)
        return super().dispatch(request, *args, **kwargs)

    @abstractmethod
    def follow(self, token: str) -> None:
        """Read what the link leads to; raises ``NotNow`` for a link that is over."""

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def first_values(self) -> dict[str, Any]:
        return {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class()(request.POST)
        return self.act(form, "") if form.is_valid() else self.answer(form, status=422)

    @abstractmethod
    def act(self, form: ActionForm, key: str) -> HttpResponse:
        """Do what the form says."""

    def say(self, words: str, status: int = 200) -> HttpResponse:
        """The page at the end of the link."""
        return self.render({"words": words}, template=self.over, status=status)
