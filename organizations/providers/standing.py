"""The standing of a provider: suspended, resumed, exited, readmitted; its last score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.refusals import NotNow, Refused
from foundation.roles import Actor
from foundation.wording import filled
from organizations.providers import events
from organizations.providers.models import Provider
from organizations.providers.states import PROVIDER


@PROVIDER.transition("suspend")
def suspend(provider: Provider, *, by: Actor, reason: str) -> None:
    """Suspend the intake of new referrals; running services continue."""
    provider.standing_reason = reason[:300]


@PROVIDER.transition("resume")
def resume(provider: Provider, *, by: Actor, reason: str) -> None:
    """Resume the intake."""
    provider.standing_reason = ""


@resume.lacks
def missing_for_resuming(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why intakes are not resumed, as floors above know: an exit that goes on, a re-check that is not passed."""
    return events.missing_for_resuming.merged(providers)


@PROVIDER.transition("exit")
def leave(provider: Provider, *, by: Actor, reason: str, until: date) -> None:
    """Exit: barred from accreditation, and listed publicly, until a day."""
    provider.standing_reason = reason[:300]
    provider.exited_until = until
    provider.match_bonus = Decimal("0")
    provider.renewal_asked_on = provider.renewal_checked_on = None


@PROVIDER.transition("restore")
def restore(provider: Provider, *, by: Actor, reason: str) -> None:
    """Take back an exit; the accreditation is as it was."""
    provider.standing_reason, provider.exited_until = "", None


@PROVIDER.transition("readmit")
def readmit(provider: Provider, *, by: Actor, reason: str) -> None:
    """Begin accreditation again after an exit."""
    provider.exited_until = None
    provider.on_return = True


@PROVIDER.transition("refuse_return")
def refuse_return(provider: Provider, *, by: Actor, reason: str) -> None:
    """Refuse to admit again one that had left; it may ask anew."""
    provider.standing_reason = reason[:300]
    provider.on_return = False


@readmit.lacks
def barred(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why providers are not admitted again: the ban has not ended."""
    words = _("禁入期到 %(day)s 为止，期满后才能重新准入。")
    return {
        provider.pk: NotNow(filled(words, day=provider.exited_until), rule="S26")
        for provider in providers
        if provider.exited_until and moments.today() < provider.exited_until
    }


def score_published(provider: Provider, *, score: Decimal | None, grade: str, bonus: Decimal) -> None:
    """Store the last published score, its grade and the bonus in matching.

    ``score`` is 0 to 100, or None for a veto with too little data.
    """
    Provider.objects.filter(pk=provider.pk).update(last_score=score, last_grade=grade, match_bonus=bonus)
