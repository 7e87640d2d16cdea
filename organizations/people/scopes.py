"""For which organization and at which place each role is held: a window at a town, a handler of a body (S3, S34)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from foundation.refusals import Invalid
from foundation.roles import AT_A_PLACE, OF_AN_ORGANIZATION, VILLAGE, Role
from foundation.wording import listed
from organizations.bodies.models import Organization, OrganizationKind
from organizations.places.models import Place, PlaceKind

#: The kinds of organization for which a role is held.
ORGANIZATIONS: Mapping[Role, tuple[OrganizationKind, ...]] = {
    Role.CIVIL_AFFAIRS: (OrganizationKind.BODY,),
    Role.FINANCE: (OrganizationKind.BODY,),
    Role.AUDITOR: (OrganizationKind.BODY,),
    Role.SECRETARY: (OrganizationKind.BODY,),
    Role.HOTLINE: (OrganizationKind.BODY,),
    Role.ADMINISTRATOR: (OrganizationKind.BODY,),
    Role.HANDLER: (OrganizationKind.BODY,),
    Role.WINDOW: (OrganizationKind.WINDOW,),
    Role.ASSISTANT: (OrganizationKind.COMMITTEE,),
    Role.GRID_WORKER: (OrganizationKind.COMMITTEE,),
    Role.COORDINATOR: (OrganizationKind.PROVIDER,),
    Role.SOCIAL_WORKER: (OrganizationKind.PROVIDER,),
    Role.EVALUATOR: (OrganizationKind.EVALUATOR,),
    Role.STAFF_MANAGER: (OrganizationKind.BODY, OrganizationKind.PROVIDER, OrganizationKind.EVALUATOR),
}

#: The kinds of place at which a role is held.
PLACES: Mapping[Role, tuple[PlaceKind, ...]] = {
    Role.WINDOW: (PlaceKind.TOWN, PlaceKind.STREET),
    **dict.fromkeys(VILLAGE, (PlaceKind.VILLAGE,)),
}


def kinds_of(role: str) -> list[str]:
    """The kinds of organization for which a role is held; none for that of a household."""
    return [kind.value for kind in ORGANIZATIONS.get(Role(role), ())]


def places_of(role: str) -> list[str]:
    """The kinds of place at which a role is held; none for one that is held at no place."""
    return [kind.value for kind in PLACES.get(Role(role), ())]


def faults_of(role: str, organization: Organization | None, place: Place | None) -> dict[str, str]:
    """What is wrong with the organization and the place of a role, by field.

    A role that needs one has it, no role has one of another kind, and one that has no use for a place has none. Of a
    window or a committee a role is held where that is: its cases are those of the place.
    """
    faults: dict[str, str] = {}
    if organization is None:
        if role in OF_AN_ORGANIZATION:
            faults["organization"] = _("这个身份要写明机构。")
    elif organization.kind not in kinds_of(role):
        faults["organization"] = _("“%(role)s”不能属于“%(name)s”，应属于%(kinds)s。") % {
            "role": Role(role).label,
            "name": organization,
            "kinds": listed(str(OrganizationKind(kind).label) for kind in kinds_of(role)) or _("（无）"),
        }
    elif organization.closed:
        faults["organization"] = _("“%(name)s”已停用。") % {"name": organization}
    if place is None:
        if role in AT_A_PLACE:
            faults["place"] = _("这个身份要写明镇街或村（社区）。")
    elif place.kind not in places_of(role):
        faults["place"] = _("“%(role)s”不能设在“%(name)s”，应设在%(kinds)s。") % {
            "role": Role(role).label,
            "name": place,
            "kinds": listed(str(PlaceKind(kind).label) for kind in places_of(role)) or _("（不设地点）"),
        }
    elif place.closed:
        faults["place"] = _("“%(name)s”已停用。") % {"name": place}
    elif organization is not None and organization.place_id != place.pk:
        faults["place"] = _("“%(name)s”不在“%(place)s”，在“%(own)s”。") % {
            "name": organization,
            "place": place,
            "own": organization.place or _("（无）"),
        }
    return faults


def placed(role: str, organization: Organization | None, place: Place | None) -> Place | None:
    """The place of a role: the one that is named, else that of its organization, where the role is held at such."""
    own = organization.place if organization is not None else None
    return own if place is None and own is not None and own.kind in places_of(role) else place


def asked_of(roles: Sequence[str]) -> tuple[str, str]:
    """In words which of several roles are held for an organization, and which at a place; "" for none."""
    named = [
        listed(str(Role(role).label) for role in roles if role in needing)
        for needing in (OF_AN_ORGANIZATION, AT_A_PLACE)
    ]
    return named[0], named[1]


def at(role: str, place: Place | None) -> Organization | None:
    """The organization of a place for which a role is held: a town's window, a village's committee; None elsewhere."""
    if place is None:
        return None
    found = Organization.objects.in_use().filter(kind__in=kinds_of(role), place=place)
    return found.first()


def require(role: str, organization: Organization | None, place: Place | None) -> None:
    """Raise ``Invalid`` at the organization or the place that does not fit the role."""
    if faults := faults_of(role, organization, place):
        raise Invalid(next(iter(faults.values())), fields=dict(faults), rule="S34")


def held(organization: Organization | None, place: Place | None) -> tuple[Organization | None, Place | None]:
    """The organization and the place as they are now, locked, so that they are not closed meanwhile."""
    found = (
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk) if organization else None
    )
    at = Place.objects.select_for_update(no_key=True).get(pk=place.pk) if place else None
    return found, at
