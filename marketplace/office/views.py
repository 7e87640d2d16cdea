"""The page on which a city is set up, and the one on which its first administrator makes an account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.city import reading
from foundation.city.models import City
from foundation.forms.actions import ActionForm
from foundation.journal import timeline
from foundation.lifecycle.table import Transition
from foundation.permissions import ANYONE, access
from foundation.refusals import NotNow
from foundation.roles import ANSWERS_FOR_THE_CITY
from foundation.ui.views import FormPage, Page
from foundation.wording import listed
from marketplace.office import first
from marketplace.office.forms import FirstAdministrator
from marketplace.office.steps import missing, steps
from organizations.signing_in import entering


class Setup(Page):
    """Every step, whether it is done, what it lacks, and where it is done."""

    access = access(GET=ANSWERS_FOR_THE_CITY)
    template = "marketplace/office/setup.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        city, found = reading.current(), steps()
        rows = [
            {
                "step": step,
                "doors": [door for door in step.done_at if self.may_open(door.name, *door.arguments)],
                "own": step.is_of(self.actor.role),
                "doing": listed(role.label for role in step.done_by),
            }
            for step in found
        ]
        return self.render(
            {
                "object": city,
                "steps": rows,
                "done": sum(step.done for step in found),
                "begins": [row for row in self._open_to(city) if row.primary],
                "missing": [] if city.at_work else missing(found),
                "timeline": timeline.entries_of([city]) if city.pk else [],
            }
        )

    def _open_to(self, city: City) -> list[Transition]:
        """What the reader may do with the city now."""
        return city.transitions_for(self.actor) if city.pk else []


class BeginCity(FormPage):
    """The one link that the first start prints: whoever follows it becomes the administrator of the city."""

    access = access(GET=ANYONE, POST=ANYONE)
    template = "marketplace/office/first.html"
    keeps_draft = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        over = self._over() if request.method in ("GET", "POST") else None
        return over or super().dispatch(request, *args, **kwargs)

    def _over(self) -> HttpResponse | None:
        """What to do instead, of a link that was used or is over; raises ``Http404`` for one that is none."""
        try:
            first.require_good(self.kwargs["token"])
        except BadSignature:
            raise Http404 from None
        except NotNow as refusal:
            said = {"words": str(refusal.message), "used": not first.wanted()}
            return self.render(said, template="marketplace/office/first_over.html", status=410)
        return None

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def get_context_data(self) -> dict[str, Any]:
        return {"title": _("第一位管理员")}

    def form_class(self) -> type[FirstAdministrator]:
        """The form of the account."""
        return FirstAdministrator

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        user = first.administrator(**form.given())
        answer = entering.entered(self.request, user, reverse("setup"))
        messages.success(self.request, _("账号已建立。"))
        return answer
