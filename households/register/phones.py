"""The household's phone: whoever holds it may open the household's page, so no worker changes
it unseen.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from foundation import moments
from foundation.messaging import sending
from foundation.rules import reading
from households.register.models import Household, Person
from organizations.bodies.models import Organization, OrganizationKind
from organizations.people.models import User


def change(household: Household, phone: str) -> None:
    """Put another phone on a household that is locked, without saving it.

    The old phone is told, and the new one signs in only after the time of the rule
    (``households.new_phone``); the same phone, said again, is in doubt no more. Whoever is signed
    in for the household is out. The phone of what was only told is nobody's yet.
    """
    old = household.phone.plain() if household.phone else ""
    household.phone_doubted = False
    if phone == old:
        return
    household.phone = phone
    if household.verified:
        sign_out(household)
        household.phone_changed_at = moments.now()
        text = _(
            "【社会救助】您家登记的联系电话已由工作人员更改。如果不是您家要改的，请马上打 %(window)s 或 12345。"
        )
        sending.send(old, text % {"window": _window_phone(household)}, about="phone-changed")


def somebody_left(household: Household, person: Person, *, stays: bool) -> None:
    """Somebody who may hold the phone lives in the household no more; it is locked, and not saved.

    Whoever is signed in for it is out at once. Unless the window has asked those who stay
    whether the phone is theirs (``stays``), it opens nothing and gets no texts any more. A child
    holds no phone.
    """
    if person.is_child:
        return
    sign_out(household)
    household.phone_doubted = bool(household.phone) and not stays


def sign_out(household: Household) -> None:
    """End every sign-in of a household; its accounts stay, and open again with a code."""
    for user in User.objects.filter(household_account__household=household):
        user.set_unusable_password()  # a sign-in is good for one password, this one too
        user.save(update_fields=["password"])


def reached_at(household: Household, about: Person | None = None) -> str:
    """The phone to which texts ``about`` somebody (None: the household) may go; empty where
    there is none, one in doubt, or one of a household that the person has left.
    """
    known = not household.phone_doubted and household.is_home_of(about)
    return household.phone.plain() if household.phone and known else ""


def may_sign_in(household: Household) -> bool:
    """Whether the phone on record has stood long enough to open the household's page."""
    if household.phone_doubted:
        return False
    if household.phone_changed_at is None:
        return True
    hours = reading.current("households.new_phone").value["hours"]
    return moments.now() >= household.phone_changed_at + timedelta(hours=hours)


def _window_phone(household: Household) -> str:
    window = Organization.objects.filter(kind=OrganizationKind.WINDOW, place_id=household.town_id).first()
    return window.phone if window else ""
