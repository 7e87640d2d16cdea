"""Which memberships need a second factor, and how long a sign-in lasts in them: two rules of the city.

Both come with the memberships of a person in the statement that reads these (``MembershipQuerySet.of_today``), so
that no page asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from foundation.roles import STAFF
from foundation.rules import reading

if TYPE_CHECKING:
    from organizations.people.models import Membership

#: The rule that names the roles, the rule of the times, and by what names their values come with a membership.
FACTOR, TIMES = "sign_in.second_factor", "sign_in.times"
WITH_MEMBERSHIPS = {"factor_rule": FACTOR, "times_rule": TIMES}


@dataclass(frozen=True)
class Times:
    """How long a sign-in lasts unused, and at most."""

    idle: timedelta
    whole: timedelta


def must_prove(membership: Membership) -> bool:
    """Whether a person acts in this membership only after a second factor; households never need one."""
    return membership.role in STAFF and membership.role in _value(membership, "factor_rule")["roles"]


def asks_of(role: str) -> bool:
    """Whether whoever will hold a role signs in with a second factor, by the rule in force."""
    return role in STAFF and role in reading.current(FACTOR).value["roles"]


def times_of(membership: Membership) -> Times:
    """How long a sign-in lasts in this membership: shorter unused in the roles that see personal data or money."""
    value = _value(membership, "times_rule")
    minutes = value["idle_personal"] if membership.role in value["roles"] else value["idle"]
    return Times(timedelta(minutes=minutes), timedelta(hours=value["hours"]))


def strictest(memberships: Sequence[Membership]) -> Times:
    """How long a sign-in lasts of whoever acts in none of these: as in the strictest of them."""
    times = [times_of(membership) for membership in memberships]
    if not times:
        value = reading.current(TIMES).value
        return Times(timedelta(minutes=value["idle"]), timedelta(hours=value["hours"]))
    return Times(min(one.idle for one in times), min(one.whole for one in times))


def _value(membership: Membership, name: str) -> Any:
    """The value of a rule that came with the membership, else as it is in force now."""
    key = WITH_MEMBERSHIPS[name]
    if hasattr(membership, name):
        return getattr(membership, name) or reading.default(key).value
    return reading.current(key).value
