"""Who may not hear an appeal against an exit: whoever had a part in the exit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evaluations.exits.models import Exit
from evaluations.exits.states import EXIT
from foundation.journal.models import Entry

if TYPE_CHECKING:
    from evaluations.exit_appeals.models import ExitAppeal


def took_part(appeals: Sequence[ExitAppeal]) -> dict[int, set[int]]:
    """The users who made a move of the exit or sat on its panel, by appeal; reading it is no part in it."""
    exits = {appeal.exit_id for appeal in appeals}
    people: dict[int, set[int]] = defaultdict(set)
    for pk, panel in Exit.objects.filter(pk__in=exits).values_list("pk", "panel"):
        people[pk] |= set(panel)
    moves = [start.name for start in EXIT.starts] + [row.name for row in EXIT.transitions]
    acts = Entry.objects.filter(lifecycle=EXIT.label, object_id__in=exits, move__in=moves)
    for pk, user in acts.values_list("object_id", "actor_id"):
        if user is not None:
            people[pk].add(user)
    return {appeal.pk: people[appeal.exit_id] for appeal in appeals}
