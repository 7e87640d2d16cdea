"""The acceptance slip of a matter as a document."""

from __future__ import annotations

from typing import Any

from foundation.city import reading
from foundation.documents.making import DocumentKind, declare
from foundation.lifecycle.phases import ENDED, SERVING
from foundation.parties import is_one_of
from foundation.personal_data.disclosing import Telling
from foundation.roles import Actor
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus
from referrals.permissions import READS_PAPERS, applicant, applying_assistant, window

#: The personal data of the applicant that a document of a case shows in plain.
NAME = "households_person.name"


def handed_over(matter: Matter, actor: Actor) -> Telling:
    """A document that is handed to the household: in plain for its window, the household itself, and the
    assistant who applied for it; others who may read names give a reason first.
    """
    if is_one_of((window, applicant, applying_assistant), actor, matter):
        return Telling.PLAIN
    head = matter.household.head
    may = head is not None and head.person.may_reveal(actor, "name")
    return Telling.REASON if may else Telling.NEVER


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
        "carries_out": reading.current().document_number,
        "window": matter.window.name,
        "phone": matter.window.phone,
        "address": matter.window.address,
    }


def _reads_matter(matter: Matter, actor: Actor) -> bool:
    was_accepted = matter.status in MatterStatus.in_phase(SERVING, ENDED)
    return was_accepted and is_one_of(READS_PAPERS, actor, matter)


ACCEPTANCE_SLIP = declare(
    DocumentKind(
        key="acceptance-slip",
        subject="referrals.Matter",
        template="documents/acceptance_slip.html",
        title=lambda matter: f"社会救助申请受理单 {matter.number}",
        context=_slip,
        may_read=_reads_matter,
        shows=(NAME,),
        discloses=handed_over,
    )
)
