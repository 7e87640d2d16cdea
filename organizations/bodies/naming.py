"""What bodies, places and people are called, for whoever tells of them by their keys."""

from __future__ import annotations

from foundation.inbox.notices import named
from organizations.bodies.models import Organization
from organizations.people.models import User
from organizations.places.models import Place


@named.register
def called(organization_id: int | None, place_id: int | None, user_id: int | None) -> str:
    """The person's name, else the place's, else the body's; empty where there is none."""
    for model, pk in ((User, user_id), (Place, place_id), (Organization, organization_id)):
        if pk:
            found = model.objects.filter(pk=pk).first()
            return str(found.full_name if isinstance(found, User) else found or "")
    return ""
