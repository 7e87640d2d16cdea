"""Limits for guessing passwords, counted in the database so that all processes share them.

Tries from an unknown browser are counted for one account from one address, for one account without a second factor
from everywhere, and, with a larger limit, for the whole address, since an office shares one. A
browser in which the account has signed in before (``devices``) has a count of its own, so that
neither a clumsy colleague nor a stranger locks its owner out.

A try is counted before the password is checked, and given back if it was right. A refused try is
not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from foundation import limits_told, moments
from foundation.networks import network_of
from foundation.personal_data.keys import keyed_hash
from foundation.refusals import Limit, TooOften, whole_minutes
from organizations.signing_in.models import Tries

#: Minutes of one period, and the wrong tries in it: of one account from one address or in one
#: known browser, of one account from everywhere, of one address.
MINUTES = 15


MOST_HERE, MOST_OF_ACCOUNT, MOST_OF_ADDRESS = 8, 40, 100


class TooMany(TooOften):
    """Too many wrong tries to sign in."""

    kind = "throttled"


@dataclass(frozen=True)
class Count:
    """Whose tries are counted together, and how many there may be in one period; ``forgotten`` where a right one proves
    who made the wrong ones before it, ``shared`` where it counts the tries for all accounts.
    """

    what: str
    who: str
    most: int
    forgotten: bool = False
    shared: bool = False

    @property
    def limit(self) -> Limit:
        """It as a limit."""
        return Limit(f"sign-in-{self.what}", self.most, MINUTES * 60)


def counts_of(
    username: str, address: str, device: str = "", *, kind: str = "", proves: bool = False
) -> tuple[Count, ...]:
    """The counts to which a try for an account adds; ``device`` is the known browser, if it is one.

    Of an account that ``proves`` by a second factor who signs in, tries from everywhere are not counted together: its
    password alone opens nothing, and so nobody keeps its owner out from elsewhere.
    The case of a name makes no count of its own.
    Passwords are of no ``kind``; what else is guessed has counts of its own, so that a right password, after which
    the wrong ones before it are forgotten, does not open them anew.
    """
    if device:
        return (Count(f"{kind}device", device, MOST_HERE, forgotten=True),)
    here, username = network_of(address), username.upper()
    of_both = keyed_hash(f"{username}|{here}")[:40]
    from_here = Count(f"{kind}account-here", of_both, MOST_HERE, forgotten=True)
    from_everywhere = Count(f"{kind}account", keyed_hash(username)[:40], MOST_OF_ACCOUNT)
    of_all = count_of_address(kind, address)
    return (from_here, of_all) if proves else (from_here, from_everywhere, of_all)


def count_of_address(kind: str, address: str) -> Count:
    """The count of one ``kind`` for tries of nobody who is known, from one address."""
    return Count(f"{kind}address", network_of(address), MOST_OF_ADDRESS, shared=True)


def take(counts: Sequence[Count]) -> None:
    """Add a try to each count; raises ``TooMany``, and adds none, if one is used up."""
    since = _since(moments.now())
    with transaction.atomic():
        taken = [_add(count, since) for count in counts]
        left = (since + timedelta(minutes=MINUTES) - moments.now()).total_seconds()
        for number, count in zip(taken, counts, strict=True):
            if number > count.most:
                words = _("试的次数太多\uff0c为保护账号\uff0c请 %(minutes)s 分钟后再试。")
                raise TooMany(words % {"minutes": whole_minutes(left)}, limit=count.limit, again_in=left)
            limits_told.counted(count.limit, count.most - number, left)
    if taken[0] == 1:
        Tries.objects.filter(since__lt=since - timedelta(days=1)).delete()


def _add(count: Count, since: datetime) -> int:
    """Add a try to the count of the period that began at ``since``; the new number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organizations_tries (what, who, since, count) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (what, who, since) DO UPDATE SET count = organizations_tries.count + 1 "
            "RETURNING count",
            [count.what, count.who, since],
        )
        (number,) = cursor.fetchone()
    return int(number)


def give_back(counts: Sequence[Count]) -> None:
    """Take back a try that was right, and forget the wrong ones before it where they are the same person's."""
    since = _since(moments.now())
    limits_told.given_back()
    with transaction.atomic():
        for count in counts:
            taken = Tries.objects.filter(what=count.what, who=count.who, since=since, count__gt=0)
            if count.forgotten:
                taken.delete()
            else:
                taken.update(count=F("count") - 1)


def begin_anew(username: str, address: str, device: str = "") -> None:
    """Forget the wrong tries for an account whose password is another one now, as its owner has just shown here; what is
    counted of the whole address stays.
    """
    counts = set(counts_of(username, address)) | set(counts_of(username, address, device))
    since = _since(moments.now())
    for count in counts:
        if not count.shared:
            Tries.objects.filter(what=count.what, who=count.who, since=since).delete()


def _since(now: datetime) -> datetime:
    """When the period began in which ``now`` is."""
    seconds = MINUTES * 60
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
