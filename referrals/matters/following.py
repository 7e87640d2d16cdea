"""What waits for somebody in the cases of a household follows its people, its place and its accounts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from foundation.lifecycle.models import LifecycleModel
from households.register.events import open_work
from households.register.models import Household
from referrals.complaints.models import Complaint
from referrals.handovers.models import Handover
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.requests.models import RequestForOffers


@open_work.register
def open_cases(household: Household) -> list[LifecycleModel]:
    """The referrals, requests for offers, needs, matters, hand-overs and complaints of a household that are not
    at rest, in the order in which actions lock them.
    """
    cases: tuple[QuerySet[Any], ...] = (
        Referral.objects.filter(need__matter__household=household),
        RequestForOffers.objects.filter(need__matter__household=household),
        Need.objects.filter(matter__household=household),
        Matter.objects.filter(household=household),
        Handover.objects.filter(matter__household=household),
        Complaint.objects.filter(household=household),
    )
    return [
        waiting
        for found in cases
        for waiting in found.filter(status__in=found.model.lifecycle.states_that_wait())
    ]
