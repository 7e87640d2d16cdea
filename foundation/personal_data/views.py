"""Revealing protected values on pages."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse

from foundation.permissions import SIGNED_IN, access
from foundation.personal_data.revealing import reveal
from foundation.refusals import Refused, TooOften
from foundation.ui.views import Page, find_visible


class Reveal(Page):
    """A protected value after a reason; htmx puts it into the page."""

    access = access(POST=SIGNED_IN)
    template = "foundation/personal_data/revealed.html"

    def post(self, request: HttpRequest, label: str, pk: int, field: str) -> HttpResponse:
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            raise Http404 from None
        if not hasattr(model, "may_reveal"):
            raise Http404
        obj = find_visible(model, self.actor, pk=pk)
        context: dict[str, Any] = {"label": label, "pk": pk, "field": field}
        try:
            reason = request.POST.get("reason", "")
            context["value"] = reveal(obj, field, by=self.actor, reason=reason)
        except Refused as refusal:
            context["error"] = refusal.message
            answer = self.render(context, status=422)
            if isinstance(refusal, TooOften):
                refusal.tell(answer)
            return answer
        return self.render(context)


#: Characters of the longest address of a form.
LONGEST_PATH = 200
