"""Names of organizations, places and people by their keys, for notices and worklists."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Value

from foundation.inbox.notices import named
from foundation.parties import Addressee
from organizations.bodies.models import Organization
from organizations.people.models import User
from organizations.places.models import Place


@named.register
def called(found: Sequence[Addressee]) -> dict[Addressee, str]:
    """The name of each one's person, else of the place, else of the organization, by one statement."""
    kinds = {
        "user": (User.objects, "full_name", {addressee.user for addressee in found}),
        "place": (Place.objects, "name", {addressee.place for addressee in found}),
        "organization": (Organization.objects, "name", {addressee.organization for addressee in found}),
    }
    asked = [
        rows.filter(pk__in=keys - {None}).order_by().values_list(Value(kind), "pk", F(name))
        for kind, (rows, name, keys) in kinds.items()
        if keys - {None}
    ]
    if not asked:
        return {}
    first, *others = asked
    names = {(kind, pk): name for kind, pk, name in first.union(*others, all=True)}
    return {
        addressee: names.get(("user", addressee.user))
        or names.get(("place", addressee.place))
        or names.get(("organization", addressee.organization), "")
        for addressee in found
    }
