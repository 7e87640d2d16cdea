"""Pages about providers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation import moments
from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.views import Page, find_visible
from organizations.responsibilities.models import Responsibility

DUTY_READERS = (Role.CIVIL_AFFAIRS, Role.WINDOW, Role.HANDLER, Role.SECRETARY, Role.AUDITOR)


class Duties(Page):
    """Who answers for what: the routing of needs, with what it was before."""

    access = access(GET=DUTY_READERS)
    template = "organizations/responsibilities/duties.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        duties = Responsibility.objects.select_related("organization").order_by("need_kind", "-valid_from")
        today = moments.today()
        in_force = [duty for duty in duties.on(today) if duty.need_kind]
        kinds: dict[str, list[Responsibility]] = {}
        for each in in_force:
            kinds.setdefault(str(each.get_need_kind_display()), []).append(each)
        return self.render(
            {
                "kinds": kinds,
                "others": [duty for duty in duties.on(today) if not duty.need_kind],
                "ended": [duty for duty in duties if duty.valid_to and duty.valid_to < today],
                "coming": [duty for duty in duties if duty.valid_from > today],
            }
        )


class ShowDuty(Page):
    """One duty and what was done to it."""

    access = access(GET=DUTY_READERS)
    template = "organizations/responsibilities/duty.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        duty = find_visible(Responsibility, self.actor, pk=pk)
        return self.render(
            {
                "object": duty,
                "transitions": duty.transitions_for(self.actor),
                "timeline": timeline.entries_of([duty]),
            }
        )
