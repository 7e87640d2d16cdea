"""Whether a provider may take on more, or resume: checked on the day of each action."""

from __future__ import annotations

from django.utils.translation import gettext as _

from contracts.contracts.models import Contract
from contracts.contracts.states import NOT_SIGNED, ContractStatus
from foundation.refusals import Refused
from organizations.providers.events import before_resuming, open_work
from organizations.providers.models import Provider


def require_good_standing(provider: Provider) -> None:
    """Raise ``Refused`` for a provider that is not in good standing today, or is leaving.

    The second comes from packages above, by the hook ``before_resuming``.
    """
    there = Provider.objects.select_related("organization").get(pk=provider.pk)
    why_not = there.why_not_in_good_standing()
    if why_not:
        raise Refused(_("%(why)s，现在不能恢复、续签、延长或增加。") % {"why": why_not}, rule="S26")
    before_resuming.call(there)


@open_work.register
def unsigned(provider: Provider) -> list[Contract]:
    """The contracts of a provider that are not signed by both sides: nobody signs while it is not in good standing."""
    return list(Contract.objects.filter(provider=provider, status__in=ContractStatus.in_phase(NOT_SIGNED)))
