"""What waits bears the name of its kind of need: it is made anew when the city calls kinds otherwise."""

from __future__ import annotations

from foundation.lifecycle.table import LIFECYCLES
from foundation.rules import events
from foundation.scheduling.stalled import queue_once
from foundation.work_items import rebuilding
from organizations.responsibilities import offered
from referrals.needs.states import NEED


@events.put_in_force.register
def have_it_followed(key: str) -> None:
    """In the background, after the transaction that puts the rule in force."""
    if key == offered.RULE:
        # By name, since the task imports this module.
        queue_once("referrals.tasks.follow_the_names", lock="names-of-kinds")


def follow_the_names() -> int:
    """Show the city's names in all that waits about needs; returns how many rows differed."""
    package = NEED.label.split(".")[0]
    about_needs = [table for table in LIFECYCLES.values() if table.label.startswith(f"{package}.")]
    return sum(1 for table in about_needs for _difference in rebuilding.rebuild_those_of(table))
