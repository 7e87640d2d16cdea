"""The acceptance slip, the list of missing papers, the written refusal, and minutes."""

from __future__ import annotations

from typing import Any

from foundation.documents.making import DocumentKind, declare
from foundation.personal_data.disclosing import Telling
from foundation.roles import Actor, Role
from referrals.lifecycle import MatterStatus, MeetingStatus
from referrals.models import Matter, Meeting, Need
from referrals.models.matter import Channel

#: What a paper of a case shows of its applicant in plain.
NAME = "households_person.name"


def _handed_over(matter: Matter, actor: Actor) -> Telling:
    """A paper of a matter: plain to its window and to the household itself, and to the
    assistant who applied for it, who hand it over; others who may read names say why first.
    """
    if actor.role in (Role.WINDOW, Role.HOUSEHOLD):
        return Telling.PLAIN
    if actor.role == Role.ASSISTANT and matter.channel == Channel.ASSISTANT:
        return Telling.PLAIN
    head = matter.household.head
    may = head is not None and head.person.may_reveal(actor, "name")
    return Telling.REASON if may else Telling.NEVER


def _decided(need: Need, actor: Actor) -> Telling:
    """A written refusal: also for the body that wrote it, which says why it is read again."""
    if actor.role == Role.HANDLER:
        return Telling.REASON
    return _handed_over(need.matter, actor)


def _slip(matter: Matter) -> dict[str, Any]:
    head = matter.household.head
    return {
        "number": matter.number,
        "accepted_on": matter.created_at,
        "name": head.person.name.plain() if head else "",
        "id_number": str(head.person.id_number or "") if head else "",
        "place": f"{matter.town} {matter.household.place}",
        "household": matter.household.number,
        "channel": matter.get_channel_display(),
        "needs": [need.get_kind_display() for need in matter.needs.all()],
        "story": matter.story,
        "first_asked": matter.first_asked_name,
        "window": matter.window.name,
        "phone": matter.window.phone,
        "address": matter.window.address,
    }


def _reads_matter(matter: Matter, actor: Actor) -> bool:
    return (
        actor.role != Role.AUDITOR
        and matter.status in (MatterStatus.ACCEPTED, MatterStatus.CLOSED)
        and Matter.objects.visible_to(actor).filter(pk=matter.pk).exists()
    )


ACCEPTANCE_SLIP = declare(
    DocumentKind(
        key="acceptance-slip",
        subject="referrals.Matter",
        template="documents/acceptance_slip.html",
        title=lambda matter: f"社会救助申请受理单 {matter.number}",
        context=_slip,
        may_read=_reads_matter,
        shows=(NAME,),
        discloses=_handed_over,
    )
)


def _papers(matter: Matter) -> dict[str, Any]:
    head = matter.household.head
    return {
        "number": matter.number,
        "name": head.person.name.plain() if head else "",
        "requests": [
            {
                "papers": each.papers.splitlines(),
                "again_because": each.again_because,
                "asked_by": each.asked_by,
                "asked_at": each.asked_at,
            }
            for each in matter.paper_requests.all()
        ],
        "window": matter.window.name,
        "phone": matter.window.phone,
        "address": matter.window.address,
    }


def _reads_papers(matter: Matter, actor: Actor) -> bool:
    return (
        actor.role != Role.AUDITOR
        and matter.paper_requests.exists()
        and Matter.objects.visible_to(actor).filter(pk=matter.pk).exists()
    )


PAPERS = declare(
    DocumentKind(
        key="papers",
        subject="referrals.Matter",
        template="documents/papers.html",
        title=lambda matter: f"一次性告知书 {matter.number}",
        context=_papers,
        may_read=_reads_papers,
        shows=(NAME,),
        discloses=_handed_over,
    )
)


def _refusal(need: Need) -> dict[str, Any]:
    head = need.matter.household.head
    return {
        "number": need.matter.number,
        "name": head.person.name.plain() if head else "",
        "kind": need.get_kind_display(),
        "body": need.body.name if need.body else "",
        "body_phone": need.body.phone if need.body else "",
        "refusal": need.refusal,
        "decided_on": need.finished_at,
        "window": need.matter.window.name,
        "phone": need.matter.window.phone,
    }


def _reads_refusal(need: Need, actor: Actor) -> bool:
    return bool(need.refusal) and Need.objects.visible_to(actor).filter(pk=need.pk).exists()


REFUSAL = declare(
    DocumentKind(
        key="refusal",
        subject="referrals.Need",
        template="documents/refusal.html",
        title=lambda need: f"不予批准救助通知书 {need.matter.number}",
        context=_refusal,
        may_read=_reads_refusal,
        shows=(NAME,),
        discloses=_decided,
    )
)


def _minutes(meeting: Meeting) -> dict[str, Any]:
    items = meeting.items.select_related("need__matter__household__place", "body")
    return {
        "number": meeting.number,
        "level": meeting.get_level_display(),
        "held_on": meeting.held_on,
        "venue": meeting.venue,
        "bodies": [each.name for each in meeting.bodies.all()],
        "items": [
            {
                "position": each.position,
                "kind": each.need.get_kind_display(),
                "matter": each.need.matter.number,
                "place": str(each.need.matter.household.place),
                "discussion": each.discussion,
                "decision": each.get_decision_display(),
                "body": each.body.name if each.body else "",
            }
            for each in items
        ],
    }


def _reads_minutes(meeting: Meeting, actor: Actor) -> bool:
    return (
        meeting.status == MeetingStatus.CLOSED
        and Meeting.objects.visible_to(actor).filter(pk=meeting.pk).exists()
    )


MINUTES = declare(
    DocumentKind(
        key="minutes",
        subject="referrals.Meeting",
        template="documents/minutes.html",
        title=lambda meeting: f"{meeting.get_level_display()}纪要 {meeting.number}",
        context=_minutes,
        may_read=_reads_minutes,
        shows=("referrals_agendaitem.discussion",),
        discloses=lambda meeting, actor: Telling.REASON if actor.overseeing else Telling.PLAIN,
    )
)
