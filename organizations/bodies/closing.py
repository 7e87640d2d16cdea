"""Closing a body, a window, a committee or an agency, once nothing open hangs on it any more."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from foundation.refusals import Refused
from organizations.bodies import events, keeping
from organizations.bodies.models import Organization
from organizations.bodies.states import ORGANIZATION
from organizations.people.models import Membership
from organizations.places.closing import refusals
from organizations.providers.models import Provider
from organizations.providers.states import Standing
from organizations.responsibilities.models import Responsibility

close = ORGANIZATION.act("close", Organization)


@close.then
@keeping.release.then
def _closed(organization: Organization, **given: object) -> None:
    events.closed.call(organization)


@close.lacks
def still_used(organizations: Sequence[Organization]) -> dict[int, Refused]:
    """Why organizations are not closed: people, responsibilities, an accreditation or cases of theirs are open."""
    providers = Provider.objects.filter(status__in=Standing.unfinished())
    return refusals(
        organizations,
        (
            (_("有 %(count)s 人在这里任职。"), Membership.objects.from_today(), "organization"),
            (_("有 %(count)s 项职责没有停用。"), Responsibility.objects.open_ended(), "organization"),
            (_("它还是承接主体。"), providers, "organization"),
        ),
        events.hanging.call(organizations),
    )
