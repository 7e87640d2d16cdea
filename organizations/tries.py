"""Limits for guessing: so many wrong tries from one address, whichever accounts it tries.

The count is a row that all processes share. A try is taken before the password is looked
at, so that none is free, and given back when it was right: an office that signs in
together at half past eight uses up nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from foundation import moments
from foundation.networks import network_of
from foundation.refusals import Refused
from organizations.models import Tries

SIGN_IN = "sign-in"

#: Wrong tries from one address within so many minutes.
MOST, MINUTES = 30, 15


class TooMany(Refused):
    """Too many tries; ``retry_after`` seconds from now there are new ones."""

    status = 429
    kind = "throttled"

    def __init__(self, retry_after: int) -> None:
        super().__init__(_("试的次数太多,为保护账号,请过一会儿再试。"))
        self.retry_after = retry_after


def take(what: str, address: str) -> None:
    """Use up one try of an address; raises ``TooMany`` where none is left."""
    since = _since(moments.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organizations_tries (what, who, since, count) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (what, who, since) DO UPDATE SET count = organizations_tries.count + 1 "
            "RETURNING count",
            [what, network_of(address), since],
        )
        (count,) = cursor.fetchone()
    if count == 1:
        Tries.objects.filter(since__lt=since - timedelta(days=1)).delete()
    if count > MOST:
        left = since + timedelta(minutes=MINUTES) - moments.now()
        raise TooMany(max(1, int(left.total_seconds()) + 1))


def give_back(what: str, address: str) -> None:
    """The try was right: it does not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organizations_tries SET count = count - 1 "
            "WHERE what = %s AND who = %s AND since = %s AND count > 0",
            [what, network_of(address), _since(moments.now())],
        )


def _since(now: datetime) -> datetime:
    """When the stretch of time began in which ``now`` lies."""
    seconds = MINUTES * 60
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
