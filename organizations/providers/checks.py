"""The checks of a provider's documents, as the journal has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foundation.journal.models import Entry

#: Acts after which the documents count as checked, or the accreditation as decided.
ACTS = ("accredit", "check_again", "extend")


def last_checks(providers: Sequence[Any]) -> dict[int, set[int]]:
    """Who checked the documents of each provider for an extension that is not decided yet, by primary key.

    A provider that was not checked since its accreditation is left out.
    """
    acts = Entry.objects.filter(
        lifecycle="organizations.Provider",
        object_id__in=[provider.pk for provider in providers],
        move__in=ACTS,
    )
    last = {
        pk: (move, user)
        for pk, move, user in acts.order_by("id").values_list("object_id", "move", "actor_id")
    }
    return {pk: {user} for pk, (move, user) in last.items() if move == "check_again" and user is not None}
