"""The standing of a provider: suspended, resumed, exited; told its score."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from foundation import moments
from foundation.roles import Actor
from foundation.rules import reading
from organizations.lifecycle import PROVIDER
from organizations.models import Provider


@PROVIDER.move("suspend")
def suspend(provider: Provider, *, by: Actor, reason: str) -> None:
    """Close the door to new referrals; running services go on."""
    provider.standing_reason = reason[:300]


@PROVIDER.move("resume")
def resume(provider: Provider, *, by: Actor, reason: str) -> None:
    """Open the door again."""
    provider.standing_reason = ""


#: What the floors above do once a provider has left; see ``on_exit``.
_ON_EXIT: list[Callable[[Provider, Actor], None]] = []


def on_exit(listener: Callable[[Provider, Actor], None]) -> Callable[[Provider, Actor], None]:
    """Register what happens to open work of a provider that leaves, in the same transaction."""
    _ON_EXIT.append(listener)
    return listener


@PROVIDER.move("exit")
def leave(provider: Provider, *, by: Actor, reason: str) -> Callable[[], None]:
    """Exit for the years that the rule sets; listed publicly until then."""
    years = int(reading.current("standing.exit_years").value["years"])
    provider.standing_reason = reason[:300]
    provider.exited_until = moments.today() + timedelta(days=365 * years)

    def follow_up() -> None:
        for listener in _ON_EXIT:
            listener(provider, by)

    return follow_up


@PROVIDER.move("readmit")
def readmit(provider: Provider, *, by: Actor, reason: str) -> None:
    """Begin accreditation anew after an exit."""
    provider.exited_until = None


def told_score(provider: Provider, *, score: Decimal, grade: str, bonus: Decimal) -> None:
    """Remember the last published score (0 to 100), its grade and the matching bonus."""
    Provider.objects.filter(pk=provider.pk).update(
        last_score=score, last_grade=grade, match_bonus=bonus
    )
