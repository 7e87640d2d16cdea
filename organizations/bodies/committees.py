"""The committee of a village or community, for which its assistants and grid workers hold their roles (S8, S9)."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.lifecycle import together
from foundation.roles import Actor
from organizations.bodies.models import Organization, OrganizationKind, OrganizationName
from organizations.bodies.states import ORGANIZATION
from organizations.places.models import Place

#: How the committee of a village is called behind its name, and that of a community.
OF_A_VILLAGE, OF_A_COMMUNITY = "村民委员会", "居民委员会"

#: What the name of a village ends in.
VILLAGE = "村"

#: Characters of a name at most.
LONGEST = 80


def of(village: Place) -> Organization:
    """The unsaved committee of a village."""
    return Organization(
        kind=OrganizationKind.COMMITTEE, code=f"village-{village.code}", name=name_of(village), place=village
    )


def name_of(village: Place) -> str:
    """How the committee of a village is called."""
    ending = OF_A_VILLAGE if village.name.endswith(VILLAGE) else OF_A_COMMUNITY
    return f"{village.name}{ending}"[:LONGEST]


def make_for(villages: Sequence[Place], *, by: Actor) -> None:
    """Establish the committees of new villages, by three statements."""
    made = [of(village) for village in villages]
    together.begin(ORGANIZATION, "establish", made, by=by)
    OrganizationName.objects.bulk_create(
        OrganizationName(organization=committee, name=committee.name) for committee in made
    )
