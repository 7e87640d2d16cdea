"""Pages of the joint conference."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.deadlines.models import Clock
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible
from foundation.wording import day
from referrals.conference import meetings
from referrals.conference.models import Meeting


class Meetings(ListPage):
    """The meetings, and the needs that wait for one."""

    access = access_to(Meeting)
    template = "referrals/conference/meetings.html"
    columns = (
        Column(gettext_lazy("会议编号"), str),
        Column(gettext_lazy("会议类别"), lambda row: row.get_level_display()),
        Column(gettext_lazy("日期"), lambda row: day(row.held_on)),
        Column(gettext_lazy("地点"), "venue"),
        state_of(Meeting),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        waiting = in_order(meetings.waiting(), request, "waiting_from")
        running = Clock.objects.running_on(waiting.rows)
        return self.show_list(
            Meeting.objects.visible_to(self.actor),
            waiting=waiting,
            with_clocks=[(need, running[need.pk]) for need in waiting],
            links_needs=self.may_open("meeting-new-convene"),
        )


class ShowMeeting(Page):
    """One meeting: agenda, decisions, and the minutes once it is over."""

    access = access_to(Meeting)
    template = "referrals/conference/meeting.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        meeting = find_visible(Meeting, self.actor, number=number)
        items = meeting.items.select_related("need__matter__household__place", "need__town", "body")
        return self.render(
            {
                "object": meeting,
                "items": in_order(items, request, "items_from"),
                "bodies": meeting.bodies.all(),
                "transitions": meeting.transitions_for(self.actor),
                "minutes": meeting.has_minutes,
                "timeline": timeline.entries_of([meeting]),
            }
        )
