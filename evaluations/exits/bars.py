"""Who may not vote on an exit: whoever has voted, carries it out, or has a conflict of interest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evaluations.phases import DECIDING
from foundation.journal.models import Entry
from organizations.people import conflicts
from organizations.providers.models import Provider
from referrals.rematching.models import Rematch
from referrals.rematching.states import REMATCH

if TYPE_CHECKING:
    from evaluations.exits.models import Exit


def have_voted(exits: Sequence[Exit]) -> dict[int, set[int]]:
    """The users who have voted, by exit."""
    found: dict[int, set[int]] = defaultdict(set)
    votes = Entry.objects.filter(
        lifecycle="evaluations.Exit", move="vote", object_id__in=[exit_.pk for exit_ in exits]
    )
    for pk, user in votes.values_list("object_id", "actor_id"):
        if user is not None:
            found[pk].add(user)
    return found


def carry_it_out(exits: Sequence[Exit]) -> dict[int, set[int]]:
    """The users who have approved since the exit began where the provider's work goes, by exit."""
    providers = {exit_.provider_id for exit_ in exits}
    rematches = Rematch.objects.filter(provider__in=providers).in_bulk()
    approvals = Entry.objects.filter(lifecycle=REMATCH.label, move="approve", object_id__in=rematches)
    found: dict[int, set[int]] = defaultdict(set)
    for pk, user in approvals.values_list("object_id", "actor_id"):
        rematch = rematches[pk]
        for exit_ in exits:
            its_own = rematch.provider_id == exit_.provider_id and rematch.created_at >= exit_.created_at
            if its_own and user is not None:
                found[exit_.pk].add(user)
    return found


def have_conflicts(exits: Sequence[Exit]) -> dict[int, set[int]]:
    """The users with a conflict of interest, by exit; where a panel decides."""
    deciding = {
        exit_.pk: exit_.provider_id
        for exit_ in exits
        if exit_.lifecycle.states(exit_.status).phase == DECIDING
    }
    if not deciding:
        return {}
    bodies = dict(Provider.objects.filter(pk__in=deciding.values()).values_list("pk", "organization_id"))
    people = conflicts.by_organization(bodies.values())
    return {pk: set(people[bodies[provider]]) for pk, provider in deciding.items()}
