"""Uploading a list of staff, and inviting everybody on it in the background, a part at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.advisory_locks import held_alone
from foundation.isolation import apart, one_of_many
from foundation.journal.models import Entry
from foundation.lifecycle.acting import once
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.parties import SeenQuerySet
from foundation.refusals import Invalid, NotNow, Refused, Unsaid
from foundation.roles import SYSTEM, Actor, Role
from foundation.scheduling.stalled import queue_once
from foundation.sheets.notes import Note
from foundation.transactions import whole
from foundation.wording import filled
from foundation.work_items import settling
from organizations.bodies import events as body_events
from organizations.bodies.models import Organization
from organizations.invitations import inviting
from organizations.invitations.models import Invitation
from organizations.invitations.states import INVITATION
from organizations.people import events
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.staff_lists.models import StaffList
from organizations.staff_lists.states import BASIS, STAFF_LIST, StaffListStatus

#: How many are invited in one transaction.
AT_ONCE = 50


@STAFF_LIST.start("upload")
def upload(
    *, by: Actor, people: Sequence[dict[str, Any]], file_name: str, notes: Sequence[Note] = ()
) -> StaffList:
    """Keep a list that was read and found right; nobody is invited before it is confirmed.

    Raises ``Invalid`` for an empty one.
    """
    if not people:
        message = _("名单是空的。")
        raise Invalid(message, fields={"file": message}, rule=BASIS)
    return StaffList.objects.create(
        file_name=file_name[-120:],
        organization_id=by.organization if by.role is Role.STAFF_MANAGER else None,
        uploaded_by_id=by.person,
        role_of_uploader=by.role,
        people=json.dumps(list(people), ensure_ascii=False),
        notes=list(notes),
        count=len(people),
    )


@STAFF_LIST.transition("invite")
def invite(staff_list: StaffList, *, by: Actor) -> None:
    """Invite everybody on it, in the background; raises ``NotNow`` where whoever uploaded it invites nobody any more."""
    for refused in left_by_their_uploaders([staff_list]).values():
        raise refused


discard = STAFF_LIST.act("discard", StaffList)
finish = STAFF_LIST.act("finish", StaffList)


@invite.then
def _begin(staff_list: StaffList, *, by: Actor) -> None:
    _queue(staff_list.pk)


def _queue(pk: int) -> None:
    # By name, since the task imports this module.
    queue_once("organizations.tasks.send_staff_list", lock=f"staff-list:{pk}", staff_list_id=pk)


def send(pk: int) -> None:
    """Invite everybody on a list who was not yet, unless another worker does."""
    with held_alone("staff-list", str(pk)) as acquired:
        while acquired and _send_some(pk):
            pass


@whole
def _send_some(pk: int) -> bool:
    """Invite the next of a list; whether there are more. A row that is refused by now is told, the others go on; where
    nobody invites any more, the rest is told at once.
    """
    sending = StaffList.objects.filter(pk=pk, status__in=StaffListStatus.in_phase(SERVING))
    staff_list = sending.select_for_update().first()
    if staff_list is None:
        return False
    uploader = _uploaders([staff_list]).get(staff_list.pk)
    if uploader is None:
        _stop(staff_list)
    else:
        _invite_next(staff_list, uploader.actor())
    StaffList.objects.filter(pk=pk).update(done=staff_list.done, refused=staff_list.refused)
    if staff_list.done < staff_list.count:
        return True
    finish(staff_list, by=SYSTEM)
    return False


def _invite_next(staff_list: StaffList, by: Actor) -> None:
    """Invite the next of a list; who is refused is noted."""
    rows = staff_list.rows[staff_list.done : staff_list.done + AT_ONCE]
    for number, row in enumerate(rows, staff_list.done + 1):
        with one_of_many(number, staff_list.refused, "staff_list.row", staff_list=staff_list.pk, row=number):
            once(_key(staff_list, number), inviting.invite)(by=by, **_arguments(row))
    staff_list.done += len(rows)


def _key(staff_list: StaffList, number: int) -> str:
    """The key under which the person of a row is invited once."""
    return f"staff-list:{staff_list.pk}:{number}"


@invite.lacks
def left_by_their_uploaders(lists: Sequence[StaffList]) -> dict[int, Refused]:
    """Why lists are not sent: whoever has uploaded them invites nobody any more."""
    uploaders = _uploaders(lists)
    return {
        staff_list.pk: NotNow(_no_uploader(staff_list), rule=BASIS)
        for staff_list in lists
        if staff_list.pk not in uploaders
    }


@body_events.closed.register
def discard_those_of(organization: Organization) -> None:
    """Discard the lists of an organization that is closed, and send none of the rest."""
    for staff_list in StaffList.objects.filter(organization=organization).order_by("pk"):
        if staff_list.status in StaffListStatus.in_phase(ASKED):
            discard(staff_list, by=SYSTEM)


@events.given.register
def follow_a_beginning(membership: Membership) -> None:
    """A list that somebody has left may be sent once he is back in the role in which he uploaded it."""
    follow_the_uploader(membership.user)


@events.ended.register
def follow_the_uploader(person: User) -> None:
    """Have what waits with the lists of somebody follow the roles that he holds by now."""
    waiting = StaffList.objects.filter(status__in=StaffListStatus.in_phase(ASKED), uploaded_by=person)
    settling.touch(*waiting)


def _no_uploader(staff_list: StaffList) -> Unsaid:
    """That whoever has uploaded a list invites nobody any more."""
    words = gettext_lazy("上传的人已不再担任“%(role)s”，没有发出。请现任的人另传一份。")
    return filled(words, role=Role(staff_list.role_of_uploader).label)


def _stop(staff_list: StaffList) -> None:
    """Note the rows that are left as not sent, since whoever has uploaded them invites nobody any more."""
    words = str(_no_uploader(staff_list))
    for number in range(staff_list.done + 1, staff_list.count + 1):
        staff_list.refused[str(number)] = words
    staff_list.done = staff_list.count


def _uploaders(lists: Sequence[StaffList]) -> dict[int, Membership]:
    """Who has uploaded each list, in the role in which it was done; none where that has ended meanwhile."""
    people = {staff_list.uploaded_by_id for staff_list in lists}
    held = list(
        Membership.objects.of_today().select_related("user").filter(user__in=people, user__is_active=True)
    )
    found: dict[int, Membership] = {}
    for staff_list in lists:
        for membership in held:
            same = (membership.user_id, membership.role) == (
                staff_list.uploaded_by_id,
                staff_list.role_of_uploader,
            )
            if same and staff_list.organization_id in (None, membership.organization_id):
                found.setdefault(staff_list.pk, membership)
    return found


def invitations_of(staff_list: StaffList) -> SeenQuerySet[Invitation]:
    """The invitations that were sent to people of a list."""
    keys = [_key(staff_list, number) for number in range(1, staff_list.done + 1)]
    written = Entry.objects.filter(
        lifecycle=INVITATION.label, actor_id=staff_list.uploaded_by_id, key__in=keys
    )
    return Invitation.objects.filter(pk__in=written.values("object_id"))


def _arguments(row: dict[str, Any]) -> dict[str, Any]:
    """The arguments of the action for one row; a first day that has passed since the list was read is today."""
    organization, place = row.pop("organization"), row.pop("place")
    first, last = row.pop("valid_from"), row.pop("valid_to")
    return {
        **row,
        "organization": Organization.objects.get(pk=organization) if organization else None,
        "place": Place.objects.get(pk=place) if place else None,
        "valid_from": max(date.fromisoformat(first), moments.today()) if first else None,
        "valid_to": date.fromisoformat(last) if last else None,
    }


def take_up() -> None:
    """Queue the lists that a killed worker has left in the middle."""
    for pk in StaffList.objects.filter(status__in=StaffListStatus.in_phase(SERVING)).values_list(
        "pk", flat=True
    ):
        with apart("staff_list.take_up", staff_list=pk):
            _queue(pk)
