"""How a household comes to its own page: identity number and phone, proved by a code."""

from __future__ import annotations

import uuid

from foundation import moments
from foundation.roles import Role
from households import registration
from households.models import Household, HouseholdAccount
from organizations.models import Membership, User


def found_by(id_number: str, phone: str) -> Household | None:
    """The household of a person whose phone is the one on record; None else.

    The phone was written down by a window, so whoever holds it is who the number says.
    """
    person = registration.person_by_number(id_number)
    household = registration.household_of(person) if person else None
    if household is None or not household.phone or household.phone.plain() != phone:
        return None
    return household


def account_of(household: Household) -> User:
    """The household's account, opened when it is first needed; it has no password."""
    account = household.accounts.select_related("user").first()
    if account is not None:
        return account.user
    head = household.head
    user = User(username=f"jt-{uuid.uuid4().hex[:16]}", full_name=str(head.person) if head else "")
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, role=Role.HOUSEHOLD, valid_from=moments.today())
    HouseholdAccount.objects.create(household=household, user=user)
    return user
