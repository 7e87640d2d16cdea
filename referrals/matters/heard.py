"""What a household that has asked for help sees first: that its application arrived, and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.deadlines.models import Clock
from foundation.roles import Actor
from referrals.matters.models import Matter
from referrals.matters.states import TO_BE_CALLED, MatterStatus
from referrals.permissions import applicant


@dataclass(frozen=True)
class Heard:
    """A matter that waits for the window's call; ``call_by`` is the last day for it, None where no deadline
    runs.
    """

    matter: Matter
    call_by: datetime | None


def waiting(reader: Actor) -> list[Heard]:
    """The matters of a household that no window has answered yet, urgent ones first."""
    to_be_called = MatterStatus.with_trait(TO_BE_CALLED)
    found = Matter.objects.filter(applicant.condition(Matter, reader), status__in=to_be_called)
    matters = list(found.select_related("window").order_by("-urgent", "pk"))
    running = Clock.objects.running_on(matters)
    return [Heard(matter, _last_day(running[matter.pk])) for matter in matters]


def of(matter: Matter, reader: Actor) -> list[Heard]:
    """The same for one matter: itself while it waits, and the reader is its household."""
    if matter.status not in MatterStatus.with_trait(TO_BE_CALLED) or not applicant.admits(reader, matter):
        return []
    return [Heard(matter, _last_day(Clock.objects.running_on([matter])[matter.pk]))]


def _last_day(running: list[Clock]) -> datetime | None:
    if not running or running[0].paused:
        return None
    return running[0].due_at - timedelta(seconds=1)  # a deadline ends at midnight
