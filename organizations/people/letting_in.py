"""Who has lately let whom in: of two of whom one has just made the other a second person, neither is the other's.

An administrator who invites an invented colleague, and opens the letter himself, would otherwise allow his own requests,
or those that he sends as the colleague. A link that leaves the machine reaches a telephone or an address of which each
has one account, and is shown to nobody here: that person counts as one of his own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.journal.models import Entry
from foundation.lifecycle.duties import Bar
from foundation.roles import DECIDES_FOR_THE_CITY, GIVES_MEMBERSHIPS
from organizations.people.states import BASIS, MEMBERSHIP

#: For how long somebody is no second person of whoever let him in.
LATELY = timedelta(days=30)

#: Roles in which one decides what others ask for, or lets others in.
COUNTED = (*DECIDES_FOR_THE_CITY, *GIVES_MEMBERSHIPS)

#: How the table of invitations is called in the journal, and what is written there when its letter is read, and it is used.
INVITATION, READ, USED = "organizations.Invitation", "read_letter", "accept"

#: What is written there when an administrator changes where somebody is reached.
CONTACT = "help_with_contact"


class LetIn(NamedTuple):
    """That one has let another in (keys of users), and whether into a role that ``decides`` for the city."""

    by: int
    whom: int
    decides: bool


def since() -> datetime:
    """From which moment on somebody was let in lately: the beginning of a day."""
    return datetime.combine(moments.today() - LATELY, time.min, moments.SHANGHAI)


def lately() -> set[LetIn]:
    """Who has lately let whom in: by a letter that he could have used, by giving a role that counts, or into the account of
    somebody who holds one, by a letter for a new password or by another place where its link arrives.
    """
    given = Entry.objects.filter(lifecycle=MEMBERSHIP.label, move="give", at__gte=since())
    used = Entry.objects.filter(lifecycle=INVITATION, move=USED, at__gte=since()).values("object_id")
    read = Entry.objects.filter(lifecycle=INVITATION, move=READ, object_id__in=used)
    held = MEMBERSHIP.model._default_manager.filter(role__in=COUNTED)
    joined = apps.get_model(INVITATION)._default_manager.filter(role__in=COUNTED, user__isnull=False)
    found: set[LetIn] = set()
    for entries, rows in ((given, held), (read, joined)):
        made = [
            (pk, by) for pk, by in entries.values_list("object_id", "actor_id").order_by() if by is not None
        ]
        known = rows.filter(pk__in={pk for pk, _by in made}).values_list("pk", "user_id", "role")
        whose = {pk: (user, role in DECIDES_FOR_THE_CITY) for pk, user, role in known}
        found |= {LetIn(by, *whose[pk]) for pk, by in made if pk in whose}
    return found | _into_accounts(read)


def _into_accounts(read: models.QuerySet[Entry]) -> set[LetIn]:
    """Who could lately have set a new password for whom: whoever has read the letter for it, or has changed where the
    person is reached.
    """
    letters = apps.get_model(INVITATION)._default_manager.filter(role="", user__isnull=False)
    whose = dict(letters.filter(pk__in=read.values("object_id")).values_list("pk", "user_id"))
    made = [(by, whose[pk]) for pk, by in read.values_list("object_id", "actor_id").order_by() if pk in whose]
    users = get_user_model()._meta.label
    changed = Entry.objects.filter(lifecycle=users, move=CONTACT, at__gte=since()).order_by()
    made += changed.values_list("actor_id", "object_id")
    if not made:
        return set()
    going_on = models.Q(valid_to=None) | models.Q(valid_to__gte=moments.today())
    held = MEMBERSHIP.model._default_manager.filter(
        going_on,
        user__in={whom for _by, whom in made},
        role__in=COUNTED,
        status__in=MEMBERSHIP.states.unfinished(),
    )
    decides: dict[int, bool] = defaultdict(bool)
    for user, role in held.order_by().values_list("user_id", "role"):
        decides[user] |= role in DECIDES_FOR_THE_CITY
    return {LetIn(by, whom, decides[whom]) for by, whom in made if by is not None and whom in decides}


def let_in_by(people: Iterable[int], *, among: Collection[LetIn]) -> dict[int, set[int]]:
    """Whom each of these people has let in, himself or through others (keys of users)."""
    after = _linked((one.by, one.whom) for one in among)
    return {one: _reached(one, after) for one in people}


def bound_to(people: Iterable[int], *, among: Collection[LetIn]) -> dict[int, set[int]]:
    """The same, and of those who decide whoever let them in, and whom these have let in besides: an administrator of an
    organization answers to whoever has made him one, and may ask him.
    """
    several = list(people)
    deciding = of_one_origin(several, among=[one for one in among if one.decides])
    return {one: after | deciding[one] for one, after in let_in_by(several, among=among).items()}


def of_one_origin(people: Iterable[int], *, among: Collection[LetIn]) -> dict[int, set[int]]:
    """Whom each of these people has let in, who has let him in, and whomever the same people have let in besides."""
    both = _linked(pair for one in among for pair in ((one.by, one.whom), (one.whom, one.by)))
    return {one: _reached(one, both) for one in people}


def _linked(pairs: Iterable[tuple[int, int]]) -> Mapping[int, Collection[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return found


def _reached(one: int, by: Mapping[int, Collection[int]]) -> set[int]:
    """Everybody to whom links lead from one, over others too."""
    found: set[int] = set()
    left = [one]
    while left:
        new = set(by.get(left.pop(), ())) - found
        found |= new
        left += new
    return found - {one}


def no_second_person_of(*moves: str, or_bound: bool = False) -> Bar:
    """What keeps from a transition whoever was lately let in by somebody who made one of these ``moves`` of the object;
    ``or_bound`` also whoever is bound to that one otherwise (``bound_to``).
    """

    def people(objects: Sequence[Any]) -> dict[int, set[int]]:
        if not objects:
            return {}
        label = objects[0]._meta.label
        entries = Entry.objects.filter(
            lifecycle=label, object_id__in=[obj.pk for obj in objects], move__in=moves
        )
        makers: dict[int, set[int]] = defaultdict(set)
        for pk, user in entries.values_list("object_id", "actor_id"):
            if user is not None:
                makers[pk].add(user)
        if not makers:
            return {}
        people = {user for users in makers.values() for user in users}
        near = (bound_to if or_bound else let_in_by)(people, among=lately())
        return {pk: set().union(*(near[user] for user in users)) for pk, users in makers.items()}

    words = (
        _(
            "您和申请人当中\uff0c一位的身份是另一位最近 30 天里邀请或给的\uff0c或者都是同一人给的\uff0c"
            "不能由您%(act)s\uff0c请找另一位。"
        )
        if or_bound
        else _("您的身份是申请人最近 30 天里邀请或给的\uff0c不能由您%(act)s\uff0c请找另一位。")
    )
    return Bar(people, words, BASIS, by_day=True)
