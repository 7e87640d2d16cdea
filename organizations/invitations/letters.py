"""Letters of invitation: what is printed, and handed over, for those whom neither text nor mail reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from foundation.journal import sentences, writing
from foundation.journal.models import Entry
from foundation.parties import SeenQuerySet
from foundation.roles import Actor
from organizations.invitations import codes, inviting
from organizations.invitations.models import Channel, Invitation
from organizations.invitations.states import INVITATION, InvitationStatus
from organizations.people import letting_in
from organizations.signing_in import gate

#: Whoever has read a letter could have used it: he counts as one who has let the person in (``people.letting_in``).
READ = sentences.act(letting_in.READ, _("%(who)s打开了邀请信"))


@dataclass(frozen=True)
class Letter:
    """One letter: the invitation, its code and its link, who has sent it, for which organization, and whether whoever
    takes the role signs in with a second factor.
    """

    object: Invitation
    code: str
    link: str
    sender: str
    asks_factor: bool


def to_print(among: SeenQuerySet[Invitation], reader: Actor) -> list[Invitation]:
    """The invitations that the reader prints: those that did not leave the machine and are not used yet, in the order
    of sending.
    """
    kept = [channel for channel in Channel if not channel.leaves]
    sent = among.visible_to(reader).filter(channel__in=kept, status__in=InvitationStatus.unfinished())
    found = sent.select_related("organization", "place", "user").order_by("pk")
    return [one for one in found if inviting.may_send(one, reader)]


def letters_of(invitations: Iterable[Invitation]) -> list[Letter]:
    """The letters of these invitations."""
    several = list(invitations)
    senders = _senders([one.pk for one in several])
    return [
        Letter(
            object=one,
            code=codes.code_of(one),
            link=codes.link_of(one),
            sender=senders.get(one.pk, ""),
            asks_factor=gate.asks_of(one.role),
        )
        for one in several
    ]


def note_reading(invitations: Iterable[Invitation], by: Actor) -> None:
    """Write down who has read these letters or links, once for each person and letter."""
    several = {one.pk: one for one in invitations}
    read = Entry.objects.filter(
        lifecycle=INVITATION.label, object_id__in=several, move=READ, actor_id=by.person
    ).values_list("object_id", flat=True)
    new = [several[pk] for pk in sorted(several.keys() - set(read))]
    Entry.objects.bulk_create(writing.unsaved(INVITATION.label, one, READ, by) for one in new)


def _senders(invitations: list[int]) -> dict[int, str]:
    """Who has sent each of these at last: the organization and the name, as the journal has them."""
    written = Entry.objects.filter(
        lifecycle=INVITATION.label, object_id__in=invitations, move__in=inviting.SENDING
    ).order_by("at", "pk")
    return {one.object_id: f"{one.organization_name} {one.actor_shown}".strip() for one in written}
