"""Who may follow the cases of a household: written anew when its accounts change."""

from __future__ import annotations

from foundation.work_items import settling
from households.register.events import on_account
from households.register.models import Household
from referrals.complaints.models import Complaint
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.offers.models import Referral


@on_account.register
def address_to_its_accounts(household: Household) -> None:
    """Write the work items of the household's cases anew, so that its accounts of now are addressed."""
    settling.touch(
        *Matter.objects.filter(household=household),
        *Need.objects.filter(matter__household=household),
        *Referral.objects.filter(need__matter__household=household),
        *Complaint.objects.filter(household=household),
    )
