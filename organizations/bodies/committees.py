"""The committee of a village or community, for which its assistants and grid workers hold their roles (S8, S9)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from foundation.lifecycle import together
from foundation.roles import Actor
from organizations.bodies import codes
from organizations.bodies.models import Organization, OrganizationKind, OrganizationName
from organizations.bodies.states import ORGANIZATION
from organizations.places.models import Place

#: How the committee of a village is called behind its name, and that of a community.
OF_A_VILLAGE, OF_A_COMMUNITY = "村民委员会", "居民委员会"

#: What the name of a village ends in.
VILLAGE = "村"

#: Characters of a name at most.
LONGEST = 80


def of(village: Place, taken: Collection[str] = ()) -> Organization:
    """The unsaved committee of a village, with a code that is not among those ``taken``."""
    return Organization(
        kind=OrganizationKind.COMMITTEE,
        code=next(codes.free(codes.stem_of(OrganizationKind.COMMITTEE, village), taken)),
        name=name_of(village),
        place=village,
    )


def name_of(village: Place) -> str:
    """How the committee of a village is called."""
    ending = OF_A_VILLAGE if village.name.endswith(VILLAGE) else OF_A_COMMUNITY
    return f"{village.name}{ending}"[:LONGEST]


def make_for(villages: Sequence[Place], *, by: Actor) -> None:
    """Establish the committees of new villages, by four statements."""
    taken = set(codes.beginning_with(codes.OF_A_COMMITTEE))
    made = [of(village, taken) for village in villages]
    together.begin(ORGANIZATION, "establish", made, by=by)
    OrganizationName.objects.bulk_create(
        OrganizationName(organization=committee, name=committee.name) for committee in made
    )
