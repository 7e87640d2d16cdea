"""Pages of responsibilities."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation import moments
from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.views import Page, find_visible
from organizations.responsibilities.models import Responsibility

READERS = (Role.CIVIL_AFFAIRS, Role.WINDOW, Role.HANDLER, Role.SECRETARY, Role.AUDITOR)


class Duties(Page):
    """The responsibilities of all bodies by kind of need, with those ended and those to come."""

    access = access(GET=READERS)
    template = "organizations/responsibilities/duties.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        responsibilities = Responsibility.objects.select_related("organization").order_by(
            "need_kind", "-valid_from"
        )
        today = moments.today()
        in_force = [
            responsibility for responsibility in responsibilities.on(today) if responsibility.need_kind
        ]
        kinds: dict[str, list[Responsibility]] = {}
        for responsibility in in_force:
            kinds.setdefault(str(responsibility.get_need_kind_display()), []).append(responsibility)
        return self.render(
            {
                "kinds": kinds,
                "others": [
                    responsibility
                    for responsibility in responsibilities.on(today)
                    if not responsibility.need_kind
                ],
                "ended": [
                    responsibility
                    for responsibility in responsibilities
                    if responsibility.valid_to and responsibility.valid_to < today
                ],
                "coming": [
                    responsibility for responsibility in responsibilities if responsibility.valid_from > today
                ],
            }
        )


class ShowDuty(Page):
    """One responsibility and its timeline."""

    access = access(GET=READERS)
    template = "organizations/responsibilities/duty.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        responsibility = find_visible(Responsibility, self.actor, pk=pk)
        return self.render(
            {
                "object": responsibility,
                "transitions": responsibility.transitions_for(self.actor),
                "timeline": timeline.entries_of([responsibility]),
            }
        )
