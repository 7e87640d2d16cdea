"""What looks across cases: missing help, hand-overs, complaints, meetings, re-matching."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access import access
from foundation.inputs import Input
from foundation.journal import timeline
from foundation.pages.base import FormPage, Page, find_visible
from foundation.pages.lists import ListPage
from foundation.pages.tables import Column, state_of
from foundation.roles import Role
from foundation.wording import day
from households.models import Household
from organizations.need_kinds import NeedKind
from referrals import conference, missing
from referrals.inputs.triage import Dismiss
from referrals.lifecycle import NeedStatus
from referrals.models import Complaint, Handover, Meeting, Need, Rematch

WATCHERS = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW)


class MissingHelp(Page):
    """Households for which help seems to be missing, each with the reason."""

    access = access(GET=(Role.WINDOW, Role.CIVIL_AFFAIRS))
    template = "referrals/missing.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show({"gaps": missing.gaps(self.actor), "is_window": self.actor.role == Role.WINDOW})


class DismissGap(FormPage):
    """A household does not need what it seems to lack; the reason is kept."""

    access = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))

    @cached_property
    def household(self) -> Household:
        """The household, of the own town."""
        return find_visible(Household, self.actor, number=self.kwargs["number"])

    def form_class(self) -> type[Input]:
        if self.kwargs["kind"] not in NeedKind.values:
            raise Http404
        return Dismiss

    def words(self) -> dict[str, Any]:
        return {
            "title": _("不需要：%(kind)s") % {"kind": NeedKind(self.kwargs["kind"]).label},
            "button": _("记下"),
            "object": self.household,
            "back": reverse("missing-help"),
            "open_now": True,
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        missing.dismiss(self.household, by=self.actor, kind=self.kwargs["kind"], **form.given())
        messages.success(self.request, _("已记下，不再提示这一项。"))
        return redirect("missing-help")


class ShowHandover(Page):
    """First-asked responsibility on its way to somebody else."""

    access = access(GET=WATCHERS)
    template = "referrals/handover.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        handover = find_visible(Handover, self.actor, pk=pk)
        return self.show(
            {
                "object": handover,
                "moves": handover.moves_for(self.actor),
                "timeline": timeline.told([handover], to=self.actor),
            }
        )


COMPLAINT_ROLES = (*WATCHERS, Role.HOUSEHOLD)


class Complaints(ListPage):
    """The complaints that the reader may see, newest first."""

    access = access(GET=COMPLAINT_ROLES)
    template = "referrals/complaints.html"
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

    access = access(GET=COMPLAINT_ROLES)
    template = "referrals/complaint.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        complaint = find_visible(Complaint, self.actor, pk=pk)
        return self.show(
            {
                "object": complaint,
                "moves": complaint.moves_for(self.actor),
                "timeline": timeline.told([complaint], with_names=self.actor.role != Role.HOUSEHOLD),
            }
        )


MEETING_ROLES = (Role.SECRETARY, Role.CIVIL_AFFAIRS, Role.AUDITOR)


class Meetings(ListPage):
    """Meetings, and the needs that wait for one."""

    access = access(GET=MEETING_ROLES)
    template = "referrals/meetings.html"
    columns = (
        Column(gettext_lazy("会议编号"), str),
        Column(gettext_lazy("会议类别"), lambda row: row.get_level_display()),
        Column(gettext_lazy("日期"), lambda row: day(row.held_on)),
        Column(gettext_lazy("地点"), "venue"),
        state_of(Meeting),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(
            Meeting.objects.visible_to(self.actor),
            waiting=conference.waiting(),
            is_secretary=self.actor.role == Role.SECRETARY,
        )


class ShowMeeting(Page):
    """One meeting: agenda, decisions, and the minutes once it is over."""

    access = access(GET=MEETING_ROLES)
    template = "referrals/meeting.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        meeting = find_visible(Meeting, self.actor, number=number)
        items = list(meeting.items.select_related("need__matter__household__place", "need__town", "body"))
        return self.show(
            {
                "object": meeting,
                "items": items,
                "bodies": meeting.bodies.all(),
                "moves": meeting.moves_for(self.actor),
                "undecided": [each for each in items if not each.decision],
                "minutes": meeting.status == "closed",
                "more_waiting": Need.objects.filter(status=NeedStatus.CONFERENCE)
                .exclude(agenda_items__meeting=meeting)
                .exists(),
                "timeline": timeline.told([meeting]),
            }
        )


class Rematches(ListPage):
    """Re-matchings of providers that leave."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "referrals/rematches.html"
    columns = (
        Column(gettext_lazy("退出的机构"), "provider"),
        Column(gettext_lazy("转介"), lambda row: len(row.plan)),
        Column(gettext_lazy("放不下"), lambda row: len(row.unplaced)),
        Column(gettext_lazy("时间"), lambda row: day(row.created_at)),
        state_of(Rematch),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(Rematch.objects.visible_to(self.actor).select_related("provider__organization"))


class ShowRematch(Page):
    """The preview: who goes where, and who finds no room."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "referrals/rematch.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rematch = find_visible(Rematch, self.actor, pk=pk)
        return self.show(
            {"object": rematch, "moves": rematch.moves_for(self.actor), "timeline": timeline.told([rematch])}
        )
