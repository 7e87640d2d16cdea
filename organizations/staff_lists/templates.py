"""The file to be filled in for a list of staff."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from foundation import moments
from foundation.roles import Actor, Role
from foundation.sheets.blanks import Asked, Further, blank
from foundation.wording import listed
from organizations.bodies.models import OrganizationKind
from organizations.people import giving, scopes
from organizations.places.models import PlaceKind
from organizations.staff_lists.heads import EXAMPLE, HEADS, OF_THE_CITY


def template_for(actor: Actor) -> bytes:
    """An XLSX file with the heads alone, an invented example, and the words for the roles that ``actor`` gives.

    The administrator of an organization lets people in for it alone, so its file asks neither organization nor place.
    """
    own = actor.role is Role.STAFF_MANAGER
    roles = giving.roles_given_by(actor)
    with translation.override("zh-hans"):
        role = str((roles[0] if own else Role.WINDOW).label)
        example = {**EXAMPLE, "role": role, "first": moments.today().isoformat()}
        columns = [
            Asked(words[0], example.get(name, ""), name in HEADS.needed)
            for name, words in HEADS.called.items()
            if not (own and name in OF_THE_CITY)
        ]
        return blank(_("人员名单"), columns, _own(roles) if own else _everywhere(roles))


def _own(roles: list[Role]) -> Further:
    """The words for the roles of one organization."""
    return Further(_("身份怎么写"), [HEADS.called["role"][0]], [[str(role.label)] for role in roles])


def _everywhere(roles: list[Role]) -> Further:
    """The words for the roles, and which kinds of organization and of place each needs."""
    rows = [
        [
            str(role.label),
            listed(OrganizationKind(kind).label for kind in scopes.kinds_of(role)),
            listed(PlaceKind(kind).label for kind in scopes.places_of(role)),
        ]
        for role in roles
    ]
    return Further(_("身份怎么写"), [HEADS.called[name][0] for name in ("role", *OF_THE_CITY)], rows)
