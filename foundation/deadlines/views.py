"""Pages of deadlines: pause, resume, the overdue register."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from foundation.deadlines import clocks
from foundation.deadlines.forms import Pause
from foundation.deadlines.models import Clock, Overdue
from foundation.forms.actions import ActionForm
from foundation.lifecycle.table import LIFECYCLES
from foundation.permissions import access
from foundation.refusals import Refused
from foundation.roles import Actor, Role
from foundation.ui.pagination import paginate
from foundation.ui.views import FormPage, Page, find_visible


def _clock(actor: Actor, pk: int) -> tuple[Clock, Any]:
    """A running clock on an object that the actor may see; raises ``Http404`` otherwise."""
    clock = get_object_or_404(Clock, pk=pk, stopped_at=None)
    return clock, find_visible(LIFECYCLES[clock.lifecycle].model, actor, pk=clock.object_id)


class PauseClock(FormPage):
    """The form to pause a clock, for a listed cause."""

    access = access(GET=clocks.COUNTING, POST=clocks.COUNTING)

    def form_class(self) -> type[ActionForm]:
        return Pause

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "obj": _clock(self.actor, self.kwargs["pk"])[1]}

    def get_context_data(self) -> dict[str, Any]:
        clock, obj = _clock(self.actor, self.kwargs["pk"])
        return {
            "title": _("暂停计时"),
            "button": _("暂停计时"),
            "object": obj,
            "back": obj.get_absolute_url(),
            "open_now": not clock.paused and clocks.may_pause(clock, obj, self.actor),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        clock, obj = _clock(self.actor, self.kwargs["pk"])
        clocks.pause(clock, by=self.actor, **form.given())
        return redirect(obj.get_absolute_url())


class ResumeClock(Page):
    """Resume a paused clock."""

    access = access(POST=clocks.COUNTING)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        clock, obj = _clock(self.actor, pk)
        try:
            clocks.resume(clock, by=self.actor)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        return redirect(obj.get_absolute_url())


class OverdueRegister(Page):
    """The register of missed deadlines; append-only."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "foundation/deadlines/overdue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = paginate(Overdue.objects.select_related("clock"), request)
        return self.render(
            {"lines": lines, "rows": [(line, LIFECYCLES[line.lifecycle].title) for line in lines]}
        )
