"""Hooks of re-matching for the packages above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from foundation.hooks import Hook

if TYPE_CHECKING:
    from foundation.lifecycle.models import LifecycleModel
    from referrals.rematching.models import Rematch

#: Gives for several re-matchings, by primary key, the keys of the users who have another part in the
#: provider's exit and therefore approve none.
having_another_part: Hook[[Sequence[Rematch]], dict[int, set[int]]] = Hook()

#: Gives what waits for others according to who has approved a re-matching.
waiting_with: Hook[[Rematch], Sequence[LifecycleModel]] = Hook()


def kept_from_approving(rematches: Sequence[Rematch]) -> dict[int, set[int]]:
    """The users who may not approve, by the primary key of the re-matching."""
    kept: dict[int, set[int]] = defaultdict(set)
    for found in having_another_part.call(rematches):
        for pk, users in found.items():
            kept[pk] |= users
    return kept
