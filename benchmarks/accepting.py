"""`accept` whole, compared with a transaction by psycopg that leaves the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import F

from benchmarks import leaving
from foundation.refusals import Refused
from foundation.roles import Actor, Role
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus

#: How many referrals are looked at for some that can be accepted now.
MOST = 2_000


@dataclass(frozen=True)
class Acceptance:
    """Accepting one referral: the action, all that it changes, and the floor."""

    act: Callable[[], Any]
    changes: list[leaving.Change]
    floor: leaving.Floor


def acceptances(most: int) -> tuple[list[Acceptance], list[Acceptance]]:
    """Acceptances for ours and as many for the floor, each of another referral: ``most``, or what there is.

    Raises ``RuntimeError`` where there are none.
    """
    found = list(islice(_acceptable(), 2 * most))
    half = len(found) // 2
    if not half:
        raise RuntimeError("no referral waits that can be accepted")
    return found[:half], found[half : 2 * half]


def _acceptable() -> Iterator[Acceptance]:
    """Referrals that can be accepted now: the action and its floor, each on an offer of its own."""
    waiting = Referral.objects.filter(
        status=ReferralStatus.OFFERED, urgent=False, offer__taken__lt=F("offer__places")
    )
    offers: set[int] = set()
    for referral in waiting.select_related("provider").order_by("pk")[:MOST]:
        if referral.offer_id in offers:
            continue
        offers.add(referral.offer_id)
        try:
            yield acceptance(referral)
        except Refused:
            continue


def acceptance(referral: Referral) -> Acceptance:
    """Accepting a referral. Raises ``Refused`` where it cannot be accepted now."""
    by = Actor(
        role=Role.COORDINATOR,
        organization_id=referral.provider.organization_id,
        organization_name=referral.provider.organization.name,
        name="协调员",
    )

    def accept() -> None:
        offering.accept(Referral.objects.get(pk=referral.pk), by=by)

    changes = leaving.left_by(accept)
    return Acceptance(accept, changes, leaving.Floor(changes, (Referral._meta.db_table, referral.pk)))
