"""The minutes of a meeting of the joint conference as a document."""

from __future__ import annotations

from typing import Any

from foundation.documents.making import DocumentKind, declare
from foundation.parties import is_one_of
from foundation.personal_data.disclosing import Telling
from foundation.roles import Actor
from referrals.conference.models import Meeting
from referrals.permissions import SEES_MEETINGS, secretary


def _minutes(meeting: Meeting) -> dict[str, Any]:
    items = meeting.items.select_related("need__matter__household__place", "body")
    return {
        "number": meeting.number,
        "level": meeting.get_level_display(),
        "held_on": meeting.held_on,
        "venue": meeting.venue,
        "bodies": [body.name for body in meeting.bodies.all()],
        "items": [
            {
                "position": item.position,
                "kind": item.need.get_kind_display(),
                "matter": item.need.matter.number,
                "place": str(item.need.matter.household.place),
                "discussion": item.discussion,
                "decision": item.get_decision_display(),
                "body": item.body.name if item.body else "",
            }
            for item in items
        ],
    }


def _reads_minutes(meeting: Meeting, actor: Actor) -> bool:
    return meeting.has_minutes and Meeting.objects.visible_to(actor).filter(pk=meeting.pk).exists()


def _told(meeting: Meeting, actor: Actor) -> Telling:
    """The discussion: in plain for the secretary who wrote it, for others who see the meeting after a reason."""
    if secretary.admits(actor, meeting):
        return Telling.PLAIN
    return Telling.REASON if is_one_of(SEES_MEETINGS, actor, meeting) else Telling.NEVER


MINUTES = declare(
    DocumentKind(
        key="minutes",
        subject="referrals.Meeting",
        template="documents/minutes.html",
        title=lambda meeting: f"{meeting.get_level_display()}纪要 {meeting.number}",
        context=_minutes,
        may_read=_reads_minutes,
        shows=("referrals_agendaitem.discussion",),
        discloses=_told,
    )
)
