"""What an exit suspends, and resumes where it comes to nothing: the provider's intake and its contracts."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from django.utils.translation import gettext_lazy

from contracts.contracts import running
from contracts.contracts.models import Contract
from contracts.contracts.states import CONTRACT, ContractStatus
from evaluations.exits.models import Exit
from evaluations.rectifications.states import RectificationStatus
from foundation.journal.models import Entry
from foundation.lifecycle.phases import ENDED, SUSPENDED
from foundation.lifecycle.table import Lifecycle
from foundation.refusals import Refused
from foundation.roles import Actor, Role
from foundation.wording import filled, on_record, said_when_shown
from organizations.providers import standing
from organizations.providers.models import Provider
from organizations.providers.states import PROVIDER
from referrals.rematching import rematching


def suspend_intake(exit_: Exit, by: Actor) -> None:
    """Suspend an accredited provider, as the system, so that it gets no new referrals."""
    provider = Provider.objects.get(pk=exit_.provider_id)
    if provider.accredited:
        words = filled(gettext_lazy("退出程序：%(cause)s"), cause=said_when_shown(exit_.get_cause_display))
        standing.suspend(provider, by=by.as_system(), reason=on_record(words))


def resume_intake(exit_: Exit, by: Actor, reason: str) -> None:
    """Resume what the exit suspended; what was suspended before it, or waits for rectification, stays
    suspended.

    Re-matchings that are not approved yet are discarded.
    """
    provider = Provider.objects.get(pk=exit_.provider_id)
    for rematch in provider.rematches.waiting():
        rematching.discard(rematch, by=by.as_system(), reason=reason)
    if provider.suspended and not stays_suspended(exit_, provider):
        standing.resume(provider, by=by.as_system(), reason=reason)
    still = Contract.objects.filter(provider=provider, status__in=ContractStatus.in_phase(SUSPENDED))
    closed = _suspended_by(exit_, CONTRACT, still.values_list("pk", flat=True))
    for contract in still.filter(pk__in=closed):
        # A provider that stays suspended cannot resume its contracts: they wait until it returns.
        with suppress(Refused), transaction.atomic():
            running.resume(contract, by=by.as_system())


def stays_suspended(exit_: Exit, provider: Provider) -> bool:
    """Whether a rectification is open, or the provider was suspended before the exit began."""
    to_mend = provider.rectifications.filter(status__in=RectificationStatus.in_phase(~ENDED))
    return to_mend.exists() or not _suspended_by(exit_, PROVIDER, [provider.pk])


def _suspended_by(exit_: Exit, lifecycle: Lifecycle, among: Iterable[int]) -> set[int]:
    """The keys ``among`` those given that the system has suspended since the exit began."""
    closed = Entry.objects.filter(
        lifecycle=lifecycle.label,
        object_id__in=list(among),
        move="suspend",
        role=Role.SYSTEM,
        at__gte=exit_.created_at,
    )
    return set(closed.values_list("object_id", flat=True))
