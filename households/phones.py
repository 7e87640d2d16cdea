"""The household's phone: whoever holds it may open the household's page, so no worker changes
it unseen.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from foundation import moments
from foundation.messaging import sending
from foundation.rules import reading
from households.models import Household
from organizations.models import Organization
from organizations.models.organization import OrganizationKind


def change(household: Household, phone: str) -> None:
    """Put another phone on a household that is locked, without saving it.

    The old phone is told, and the new one signs in only after the time of the rule
    (``households.new_phone``); the same phone changes nothing. The phone of what was only
    told is nobody's yet.
    """
    old = household.phone.plain() if household.phone else ""
    if phone == old:
        return
    household.phone = phone
    if household.verified:
        household.phone_changed_at = moments.now()
        text = _(
            "【社会救助】您家登记的联系电话已由工作人员更改。如果不是您家要改的,请马上打 %(window)s 或 12345。"
        )
        sending.send(old, text % {"window": _window_phone(household)}, about="phone-changed")


def may_sign_in(household: Household) -> bool:
    """Whether the phone on record has stood long enough to open the household's page."""
    if household.phone_changed_at is None:
        return True
    hours = reading.current("households.new_phone").value["hours"]
    return moments.now() >= household.phone_changed_at + timedelta(hours=hours)


def _window_phone(household: Household) -> str:
    window = Organization.objects.filter(
        kind=OrganizationKind.WINDOW, place_id=household.town_id
    ).first()
    return window.phone if window else ""
