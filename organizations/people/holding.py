"""Which roles people hold and who holds a role, for the addressees of notices and work items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from foundation import moments
from foundation.parties import Addressee, people_meant, roles_held
from organizations.people.models import Membership


@roles_held.register
def held_today(people: Collection[int]) -> dict[int, set[str]]:
    """The roles that each of these users holds today, in one statement."""
    held = Membership.objects.on(moments.today()).filter(user__in=people).order_by()
    found: dict[int, set[str]] = defaultdict(set)
    for user, role in held.values_list("user_id", "role").distinct():
        found[user].add(role)
    return found


@people_meant.register
def meant_today(addressees: Collection[Addressee]) -> dict[Addressee, set[int]]:
    """The people with an account in use who hold today what each addressee names, in one statement."""
    today = Membership.objects.on(moments.today()).filter(user__is_active=True).order_by()
    held = today.filter(role__in={addressee.role for addressee in addressees})
    found: dict[Addressee, set[int]] = {addressee: set() for addressee in addressees}
    for role, *seat in held.values_list("role", "organization_id", "place_id", "user_id"):
        for addressee, people in found.items():
            named = zip(addressee[1:], seat, strict=True)
            if addressee.role == role and all(key in (None, own) for key, own in named):
                people.add(seat[-1])
    return found
