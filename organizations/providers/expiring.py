"""Telling of accreditations that run out soon."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox import notices
from foundation.isolation import apart
from foundation.lifecycle.phases import SERVING, SUSPENDED
from foundation.roles import TOLD_OF_ACCREDITATIONS
from foundation.rules import reading
from foundation.wording import filled
from organizations.providers.models import Provider
from organizations.providers.states import Standing

#: The rule with the days before the end.
WARNING = "accreditation.warning"


def notify_of_expiry() -> int:
    """Notify providers whose accreditation runs out soon, and civil affairs: once at each of the days of the rule.

    Whoever was told at none of several that have passed is told once. Returns how many providers.
    """
    days = sorted(reading.current(WARNING).value["days"])
    today = moments.today()
    soon = Provider.objects.filter(
        status__in=Standing.in_phase(SERVING, SUSPENDED),
        accredited_until__lte=today + timedelta(days=days[-1]),
    )
    told = 0
    for provider in soon.select_related("organization"):
        until = provider.accredited_until
        if until is None:
            continue
        reached = next(day for day in days if until <= today + timedelta(days=day))
        before = provider.expiry_told_at if provider.expiry_told_of == until else None
        if before is not None and before <= reached:
            continue
        with apart("provider.tell_of_expiry", provider=provider.pk):
            _tell(provider)
            Provider.objects.filter(pk=provider.pk).update(expiry_told_of=until, expiry_told_at=reached)
            told += 1
    return told


def _tell(provider: Provider) -> None:
    """Notify the provider's people and civil affairs."""
    words = filled(
        gettext_lazy("%(name)s：准入有效期到 %(day)s，之后不能投标、签约和接受新的转介，请办理续期"),
        name=provider,
        day=provider.accredited_until,
    )
    for role in TOLD_OF_ACCREDITATIONS:
        notices.send(provider, role, words)
