"""Which roles people hold and who holds a role, for the addressees of notices and work items."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from foundation import moments
from foundation.parties import Addressee, people_meant, roles_held
from foundation.roles import Role
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
    found: dict[Addressee, set[int]] = {addressee: set() for addressee in addressees}
    today = Membership.objects.on(moments.today()).filter(user__is_active=True).order_by()
    for membership in today.filter(_at_the_seats_of(addressees)).values_list("role", *SEAT):
        role, *seat = membership
        for keys in itertools.product(*({None, key} for key in seat)):
            addressee = Addressee(Role(role), *keys)
            if addressee in found:
                found[addressee].add(seat[-1])
    return found


#: The columns of a membership that an addressee may name, in its order.
SEAT = ("organization_id", "place_id", "user_id")


def _at_the_seats_of(addressees: Collection[Addressee]) -> Q:
    """The condition of all memberships that some of these mean, and of few others: those of one role that name the
    same columns are asked for together.
    """
    alike: dict[tuple[Role, tuple[bool, bool, bool]], list[Addressee]] = defaultdict(list)
    for addressee in addressees:
        alike[addressee.role, addressee.bound_to].append(addressee)
    found = Q(pk__in=[])
    for (role, bound), some in alike.items():
        keys = zip(SEAT, bound, zip(*(addressee[1:] for addressee in some), strict=True), strict=True)
        found |= Q(role=role, **{f"{name}__in": {*named} for name, is_bound, named in keys if is_bound})
    return found
