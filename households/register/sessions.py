"""Sessions of a household's accounts."""

from __future__ import annotations

from households.register.models import Household
from organizations.people.models import User


def end(household: Household) -> None:
    """End every session of a household; its accounts stay, and are opened again by a code."""
    for user in User.objects.filter(household_account__household=household):
        user.set_unusable_password()  # sessions end with the password, also with an unusable one
        user.save(update_fields=["password"])
