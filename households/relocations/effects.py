"""What waits with the window in charge of a household, and follows the household when it moves."""

from __future__ import annotations

from django.db.models import Q

from foundation.lifecycle.models import LifecycleModel
from households.corrections.states import CorrectionStatus
from households.joining.models import Joining
from households.joining.states import JoiningStatus
from households.register.events import open_work
from households.register.models import Household
from households.relocations.states import RelocationStatus


@open_work.register
def waiting_with_windows(household: Household) -> list[LifecycleModel]:
    """The corrections, second homes and moves of a household that a window has not answered yet."""
    joinings = Joining.objects.filter(Q(household=household) | Q(home=household))
    return [
        *household.corrections.filter(status__in=CorrectionStatus.unfinished()),
        *joinings.filter(status__in=JoiningStatus.unfinished()),
        *household.relocations.filter(status__in=RelocationStatus.unfinished()),
    ]
