"""Pages of emergency access."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.journal.timeline import Line
from foundation.lifecycle.phases import SERVING
from foundation.parties import is_one_of
from foundation.permissions import access_to
from foundation.ui import routing
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import moment, on_record
from organizations.emergencies.models import EmergencyAccess
from organizations.emergencies.recording import ACTED, OPENED
from organizations.emergencies.states import EmergencyStatus
from organizations.permissions import READS_WHAT_WAS_DONE

#: Lines that are shown of what was opened and done.
SHOWN = 500


class Emergencies(ListPage):
    """The emergencies that the reader sees, newest first."""

    access = access_to(EmergencyAccess)
    template = "organizations/emergencies/emergencies.html"
    columns = (
        Column(gettext_lazy("谁，用什么身份"), str),
        Column(gettext_lazy("生效"), lambda row: moment(row.opened_at)),
        Column(gettext_lazy("到时或结束"), lambda row: moment(row.until)),
        state_of(EmergencyAccess),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(EmergencyAccess, self.actor)
        return self.show_list(found.select_related("user", "organization", "place"))


class ShowEmergency(Page):
    """One emergency: why it was asked for, what was opened in it, and, for oversight, what was done."""

    access = access_to(EmergencyAccess)
    template = "organizations/emergencies/emergency.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(EmergencyAccess, self.actor, pk=pk)
        about_it = Q(lifecycle=found._meta.label, object_id=found.pk)
        if found.opened_at and is_one_of(READS_WHAT_WAS_DONE, self.actor, found):
            about_it |= Q(actor_id=found.user_id, role=found.role, at__range=(found.opened_at, found.until))
        return self.render(
            {
                "object": found,
                "over": found.status not in EmergencyStatus.in_phase(SERVING),
                "transitions": found.transitions_for(self.actor),
                "timeline": _in_words(timeline.lines(about_it, reader=self.actor, limit=SHOWN)),
            }
        )


def _in_words(lines: Iterable[Line]) -> list[Line]:
    """The lines of a timeline; those of what was opened say it in words, with a link to it, where that is known."""
    return [replace(line, subject=_said(line.subject)) for line in lines]


def _said(subject: str) -> str:
    """The name of an entry of what was opened or done in words; any other as it is, and the address where nothing says it."""
    done, _blank, address = subject.partition(" ")
    told = routing.in_words(address) if done in (on_record(OPENED), on_record(ACTED)) else ""
    if not told:
        return subject
    shown = OPENED if done == on_record(OPENED) else ACTED
    asked = address.partition("?")[2]
    more = format_html(" <span>{}</span>", asked) if asked else ""
    if shown is ACTED or "*" in address or address.startswith(routing.PROGRAMS):
        return format_html("{} {}{}", shown, told, more)
    return format_html('{} <a href="{}">{}</a>{}', shown, address, told, more)
