"""The provider for which somebody acts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.refusals import Refused
from foundation.roles import Actor
from organizations.providers.models import Provider
from organizations.providers.states import BASIS


def of_the_actor(by: Actor) -> Provider:
    """The provider for whose organization somebody acts; raises ``Refused`` where it is none."""
    found = Provider.objects.filter(organization_id=by.organization).select_related("organization").first()
    if found is None or found.has_left:
        raise Refused(_("您的机构不是承接主体，或者已经退出。"), rule=BASIS)
    return found
