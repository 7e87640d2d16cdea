"""Names of organizations, places and people by their keys, for notices."""

from __future__ import annotations

from foundation.inbox.notices import named
from organizations.bodies.models import Organization
from organizations.people.models import User
from organizations.places.models import Place


@named.register
def called(organization_id: int | None, place_id: int | None, user_id: int | None) -> str:
    """The name of the person, else of the place, else of the organization; "" if there is none."""
    for model, pk in ((User, user_id), (Place, place_id), (Organization, organization_id)):
        if pk:
            found = model.objects.filter(pk=pk).first()
            return str(found.full_name if isinstance(found, User) else found or "")
    return ""
