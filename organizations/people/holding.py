"""Which roles people hold, for the addressees of notices and work items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from foundation import moments
from foundation.parties import roles_held
from organizations.people.models import Membership


@roles_held.register
def held_today(people: Collection[int]) -> dict[int, set[str]]:
    """The roles that each of these users holds today, in one statement."""
    held = Membership.objects.on(moments.today()).filter(user__in=people).order_by()
    found: dict[int, set[str]] = defaultdict(set)
    for user, role in held.values_list("user_id", "role").distinct():
        found[user].add(role)
    return found
