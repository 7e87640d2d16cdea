"""Who may not send a link for a new password again: its person, an organization that does not answer for him alone, and
whoever has lately taken his second factor away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foundation.roles import Role
from organizations.people import helping
from organizations.people.helping import Half
from organizations.people.models import Membership

if TYPE_CHECKING:
    from organizations.invitations.models import Invitation


def those_who_renew_no_password(invitations: Sequence[Invitation]) -> dict[int, set[int]]:
    """The people kept from each link for a new password; nobody is from those by which people join."""
    asked = [one for one in invitations if not one.role]
    held: dict[int, set[int | None]] = {one.user_id: set() for one in asked if one.user_id is not None}
    found = Membership.objects.from_today().order_by()
    for person, organization in found.filter(user__in=held).values_list("user", "organization"):
        held[person].add(organization)
    senders = {one.organization_id for one in asked if one.organization_id is not None}
    managers: dict[int | None, set[int]] = {}
    managing = found.filter(role=Role.STAFF_MANAGER, organization__in=senders)
    for organization, user in managing.values_list("organization", "user"):
        managers.setdefault(organization, set()).add(user)
    kept: dict[int, set[int]] = {}
    for one in asked:
        if one.user_id is not None:
            alone = held[one.user_id] == {one.organization_id}
            kept[one.pk] = {one.user_id} | (set() if alone else managers.get(one.organization_id, set()))
    return kept


def those_who_took_the_factor_away(invitations: Sequence[Invitation]) -> dict[int, set[int]]:
    """The people kept from sending each link for a new password again, since the second factor was taken away by them."""
    asked = {one.pk: one.user_id for one in invitations if not one.role and one.user_id is not None}
    kept = helping.kept_from_a_half(asked.values(), Half.PASSWORD)
    return {pk: kept[person] for pk, person in asked.items() if person in kept}
