"""Whether a provider may take on more, or resume: checked on the day of each action."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.contracts.models import Contract
from contracts.contracts.states import NOT_SIGNED, ContractStatus
from foundation.lifecycle.phases import SUSPENDED
from foundation.refusals import NotNow, Refused, Words
from foundation.wording import filled
from organizations.providers.events import missing_for_resuming, open_work
from organizations.providers.models import Provider, read_lists


def require_good_standing(provider: Provider) -> None:
    """Raise ``Refused`` for a provider that is not in good standing today, or is leaving."""
    there = Provider.objects.select_related("organization").get(pk=provider.pk)
    for refused in not_in_good_standing([there]).values():
        raise refused


def not_in_good_standing(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why providers may not take on more today, by primary key: their standing, or that they are leaving."""
    found = missing_for_resuming.merged(providers)
    read_lists(providers)
    for provider in providers:
        if why_not := provider.why_not_in_good_standing():
            found[provider.pk] = refusal_of(why_not)
    return found


def refusal_of(why_not: Words) -> NotNow:
    """The refusal of more for a provider that is not in good standing."""
    return NotNow(filled(_("%(why)s，现在不能恢复、续签、延长或增加。"), why=why_not), rule="S26")


def suspended(provider_id: int) -> QuerySet[Contract]:
    """The suspended contracts of a provider, which are resumed when it is in good standing."""
    return Contract.objects.filter(provider=provider_id, status__in=ContractStatus.in_phase(SUSPENDED))


@open_work.register
def waiting_for_good_standing(provider: Provider) -> list[Contract]:
    """The contracts of a provider that nobody signs or resumes while it is not in good standing."""
    waiting = ContractStatus.in_phase(NOT_SIGNED | SUSPENDED)
    return list(Contract.objects.filter(provider=provider, status__in=waiting))
