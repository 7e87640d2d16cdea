"""Notices: lines in people's inboxes, written in the transaction of the change.

A notice goes to everybody who holds a role at an organization or place. Since it is a row of the
same transaction, none is lost and none is sent for a change that was rolled back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.clauses.quoting import with_basis
from foundation.hooks import Hook
from foundation.inbox.models import Notice
from foundation.lifecycle import duties
from foundation.parties import Addressee, Party, people_meant, reached_by, told
from foundation.refusals import Unsaid, Words
from foundation.roles import OVERSEERS, PRIVATE, Actor, Role
from foundation.wording import filled, in_each_language, listed, said_when_shown
from foundation.work_items.models import WorkItem

if TYPE_CHECKING:
    from foundation.deadlines.models import Clock
    from foundation.lifecycle.table import Lifecycle, Start, Transition


#: Gives the names of the places, bodies or persons of several addressees; see ``organizations``.
named: Hook[[Sequence[Addressee]], Mapping[Addressee, str]] = Hook()


def names_of(found: Iterable[Addressee], reader: Actor | None = None) -> dict[Addressee, str]:
    """Addressees in words: the role, with the place, body or person who holds it: 窗口工作人员（示例街道）.

    Private persons are not named; to a private ``reader`` a body or place is told without the role.
    """
    asked = list(found)
    public = [addressee for addressee in asked if addressee.role not in PRIVATE]
    names = named.merged(public)
    if reader is not None and reader.role in PRIVATE:
        return {addressee: _plainly(addressee, names.get(addressee, "")) for addressee in asked}
    return {
        addressee: _("%(role)s（%(name)s）") % {"role": Role(addressee.role).label, "name": names[addressee]}
        if names.get(addressee)
        else str(Role(addressee.role).label)
        for addressee in asked
    }


def _plainly(addressee: Addressee, name: str) -> str:
    """An addressee in the words of somebody who does not work here."""
    if not name:
        return str(Role(addressee.role).label)
    return name if addressee.user is not None else _("%(name)s的工作人员") % {"name": name}


#: Letters of a notice at most.
MOST_LETTERS = 300

#: Names that are said at most of those who are awaited for one thing.
MOST_NAMES = 4


def enumerated(names: Iterable[str]) -> str:
    """Names in a row, each once; of many the first, and that there are others."""
    each = list(dict.fromkeys(names))
    words = listed(each[:MOST_NAMES])
    return _("%(names)s等") % {"names": words} if len(each) > MOST_NAMES else words


def in_words(parties: Iterable[Party], obj: Any, reader: Actor) -> str:
    """Who else than the reader is of these parties to an object: roles, each with the place, body or person that
    holds it, as far as he is told.
    """
    people = [party for party in parties if party.role != Role.SYSTEM]
    others = (
        found for found in reached_by(people, obj) if found.user is None or found.user != reader.user_id
    )
    found = (told(people, addressee, reader) for addressee in others)
    return listed(dict.fromkeys(names_of(dict.fromkeys(found), reader).values()))


def recipient_of(obj: models.Model, role: Role) -> str:
    """A role, with the places, bodies or persons who hold it for this object."""
    return listed(names_of(addressees(obj, role)).values()) or str(Role(role).label)


def recipients_of(obj: models.Model, roles: Iterable[Role]) -> str:
    """The same for several roles."""
    return listed(recipient_of(obj, role) for role in roles)


def addressees(obj: Any, role: Role) -> list[Addressee]:
    """The addressees of a notice about ``obj`` in ``role``: those who may act on it next, else who sees it.

    Nobody, if no party of the role takes part in it now.
    """
    acting = _awaited(obj.lifecycle, obj, role) if hasattr(obj, "lifecycle") else []
    return acting or reached_by((party for party in obj.seen_by if party.role == role), obj)


def _awaited(lifecycle: Lifecycle, obj: Any, role: Role) -> list[Addressee]:
    """Who in ``role`` may make the next transition."""
    leaving = lifecycle.leaving(getattr(obj, lifecycle.field_name))
    parties = [party for row in leaving if role in row.awaited for party in row.by if party.role == role]
    return reached_by(parties, obj)


def notify(lifecycle: Lifecycle, obj: models.Model, row: Transition | Start, by: Actor) -> None:
    """Notify those whom the table awaits next, and those whom the transition tells.

    A notice says what has happened. Who is awaited gets it too where his step still lacks something, where another of
    his steps comes first, or an errand: then it is the worklist that says whose turn it is.
    """
    done = getattr(row, "otherwise", "") if getattr(obj, "done_otherwise", "") else row.sentence
    text = about(obj, filled(done, who=by.said))
    awaited = lifecycle.awaited(obj)
    deliver(obj, _told_next(lifecycle, obj, awaited, by), text)
    roles = {party.role for parties in awaited.values() for party in parties}
    for role in set(getattr(row, "tells", ())) - roles:
        deliver(obj, _others(addressees(obj, role), by), text)


def _others(found: Iterable[Addressee], by: Actor) -> list[Addressee]:
    """Of addressees those who are another seat than the actor's; where his is the only one, everybody else in it."""
    seats = list(found)
    others = [seat for seat in seats if not seat.means(by)]
    return others or _without({seat: {by.user_id} for seat in seats if by.user_id is not None})


def _told_next(
    lifecycle: Lifecycle, obj: Any, awaited: Mapping[Transition, Sequence[Party]], by: Actor
) -> list[Addressee]:
    """Who is told that a step is awaited: not the seat of the actor, where he may go on himself, and nobody who is
    kept from the step. Where somebody of a seat is, each of the others is told for himself.
    """
    apart = [row for row in awaited if duties.may_keep_somebody(lifecycle, row)]
    kept = duties.kept_from(lifecycle, apart, [obj]) if apart else {}
    users: dict[Addressee, set[int]] = {}
    for row, parties in awaited.items():
        kept_from_it = set(kept.get((obj.pk, row.name), ()))
        for addressee in reached_by(parties, obj):
            if not addressee.means(by) or by.user_id in kept_from_it:
                users[addressee] = users.get(addressee, kept_from_it) & kept_from_it
    return _without(users)


def _without(seats: Mapping[Addressee, Collection[int]]) -> list[Addressee]:
    """Seats, of which some hold people who are left out: in place of such a seat everybody else in it."""
    asked = [seat for seat, left_out in seats.items() if left_out and seat.user in (None, *left_out)]
    meant = (
        {seat: set(people) for part in people_meant.call(asked) for seat, people in part.items()}
        if asked
        else {}
    )
    found: dict[Addressee, None] = {}
    for seat, left_out in seats.items():
        people = meant.get(seat, set())
        single = (seat._replace(user=user) for user in sorted(people - set(left_out)))
        found |= dict.fromkeys([seat] if people.isdisjoint(left_out) else single)
    return list(found)


def remind(lifecycle: Lifecycle, clock: Clock) -> None:
    """Notify those who are awaited that their deadline comes near."""
    _notify_awaited(lifecycle, clock, gettext_lazy("时限将到"))


def overdue(lifecycle: Lifecycle, clock: Clock) -> None:
    """Notify those who are awaited, and civil affairs, that a deadline has passed."""
    obj = _notify_late(lifecycle, clock, gettext_lazy("已经逾期"))
    if obj is not None:
        _notify_above(lifecycle, clock, obj, gettext_lazy("已经逾期"), (Role.CIVIL_AFFAIRS,))


def escalated(lifecycle: Lifecycle, clock: Clock, words: Words, level: int) -> None:
    """Notify those awaited and civil affairs again; from level 2 on the audit too."""
    obj = _notify_late(lifecycle, clock, words)
    if obj is not None:
        above = OVERSEERS if level > 1 else (Role.CIVIL_AFFAIRS,)
        _notify_above(lifecycle, clock, obj, words, above)


def _notify_above(
    lifecycle: Lifecycle, clock: Clock, obj: models.Model, words: Words, above: tuple[Role, ...]
) -> None:
    """Notify the roles ``above`` that others are late; those who are late themselves are left out."""
    late = lifecycle.answers_for(clock, obj)
    who = said_when_shown(recipients_of, obj, sorted(late))
    told = filled("%(words)s · %(who)s", words=words, who=who) if late else words
    for role in above:
        if role not in late:
            send(obj, role, about(obj, told, clock.basis))


def paused(lifecycle: Lifecycle, clock: Clock, words: Words, by: Actor) -> None:
    """Notify those who are awaited that their deadline was paused, by whom and why."""
    _notify_late(lifecycle, clock, filled(gettext_lazy("%(who)s暂停了计时：%(why)s"), who=by.said, why=words))


def _notify_late(lifecycle: Lifecycle, clock: Clock, words: Words) -> models.Model | None:
    """Notify those who answer for the deadline, never the household; returns the object, if it is there."""
    obj = lifecycle.model._default_manager.filter(pk=clock.object_id).first()
    if obj is not None:
        waiting = WorkItem.objects.waiting_with(obj)
        for role in sorted(lifecycle.answers_for(clock, obj)):
            to = [found for found in waiting if found.role == role] or addressees(obj, role)
            deliver(obj, to, about(obj, words, clock.basis))
    return obj


def _notify_awaited(lifecycle: Lifecycle, clock: Clock, words: Words) -> None:
    """Notify everybody with whom the object waits, if it is there."""
    obj = lifecycle.model._default_manager.filter(pk=clock.object_id).first()
    if obj is not None:
        deliver(obj, WorkItem.objects.waiting_with(obj), about(obj, words, clock.basis))


def about(obj: models.Model, words: Words, basis: str = "") -> Unsaid:
    """A sentence after the name of the object that it is about, with the clause behind it in brackets."""
    if basis:
        words = said_when_shown(with_basis, words, basis)
    return filled(gettext_lazy("%(number)s：%(words)s"), number=obj, words=words)


def send(obj: models.Model, role: Role, text: Unsaid) -> None:
    """Write a notice about ``obj`` to its addressees in ``role``: a text that is translated when it is shown."""
    deliver(obj, addressees(obj, role), text)


def deliver(obj: models.Model, to: Iterable[Addressee], text: Unsaid, *, link: str = "") -> None:
    """Write one notice about ``obj`` to each of these, in each language of the product: whoever acts has his own,
    and so has who reads it. It leads to ``link``, by default to the object's page.
    """
    found = list(to)
    if not found:
        return
    (texts,) = in_each_language(lambda: str(text)[:MOST_LETTERS])
    own = obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else ""
    Notice.objects.bulk_create(
        Notice(
            at=moments.now(),
            role=addressee.role,
            organization_id=addressee.organization,
            place_id=addressee.place,
            user_id=addressee.user,
            lifecycle=obj._meta.label,
            object_id=obj.pk,
            texts=texts,
            link=link or own,
        )
        for addressee in found
    )
