"""The committee of a village or community, for which its assistants and grid workers hold their roles (S8, S9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from foundation import moments
from foundation.journal import writing
from foundation.lifecycle import together
from foundation.roles import Actor
from organizations.bodies import codes, keeping
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


def follow(renamed: Mapping[int, tuple[str, str]], *, by: Actor) -> None:
    """Rename from today on the committees of villages, by the keys of these with the names before and then; a committee
    that was called otherwise than its village keeps its name.
    """
    there = Organization.objects.in_use().filter(kind=OrganizationKind.COMMITTEE, place__in=renamed)
    following = [one for one in there.order_by("pk") if one.name == name_of(Place(name=_of(renamed, one)[0]))]
    before = {committee.pk: writing.picture(committee) for committee in following}
    for committee in following:
        keeping.take_name(committee, name_of(Place(name=_of(renamed, committee)[1])), moments.today())
    if following:
        together.change(ORGANIZATION, "rename", following, before=before, fields=("name",), by=by)


def _of(renamed: Mapping[int, tuple[str, str]], committee: Organization) -> tuple[str, str]:
    return renamed[committee.place_id or 0]


def beside(former: Mapping[int, str]) -> dict[int, dict[str, bool]]:
    """By the keys of places that get another name: the names of the bodies there that begin with the ``former`` one, and
    whether each follows, as a committee does that is called after its village.
    """
    found: dict[int, dict[str, bool]] = {}
    there = Organization.objects.in_use().filter(place__in=former).exclude(kind=OrganizationKind.PROVIDER)
    for one in there.order_by("pk"):
        name = former[one.place_id or 0]
        if one.name.startswith(name):
            follows = one.kind == OrganizationKind.COMMITTEE and one.name == name_of(Place(name=name))
            found.setdefault(one.place_id or 0, {})[one.name] = follows
    return found
