"""Pages of complaints."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.parties import is_one_of
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible
from foundation.wording import day
from referrals.complaints.models import Complaint
from referrals.permissions import READS_NAMES_IN_COMPLAINTS


class Complaints(ListPage):
    """The complaints that the reader may see, newest first."""

    access = access_to(Complaint)
    template = "referrals/complaints/complaints.html"
    columns = (
        Column(gettext_lazy("投诉"), str),
        Column(gettext_lazy("投诉谁"), lambda row: row.get_about_display()),
        Column(gettext_lazy("镇街"), "town"),
        Column(gettext_lazy("时间"), lambda row: day(row.created_at)),
        state_of(Complaint),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(Complaint.objects.visible_to(self.actor).select_related("town"))


class ShowComplaint(Page):
    """One complaint: what happened, and the answer."""

    access = access_to(Complaint)
    template = "referrals/complaints/complaint.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        complaint = find_visible(Complaint, self.actor, pk=pk)
        return self.render(
            {
                "object": complaint,
                "replies": in_order(complaint.replies.all(), request, "replies_from"),
                "transitions": complaint.transitions_for(self.actor),
                "timeline": timeline.entries_of(
                    [complaint], with_names=is_one_of(READS_NAMES_IN_COMPLAINTS, self.actor, complaint)
                ),
            }
        )
