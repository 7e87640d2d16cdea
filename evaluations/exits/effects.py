"""What an exit under way refuses on lower floors."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from contracts.contracts.events import waiting_for_settlement
from contracts.contracts.models import Contract
from evaluations.exits.models import Exit
from evaluations.exits.states import ExitStatus
from foundation.lifecycle.phases import ANSWERING, SERVING
from foundation.refusals import NotNow, Refused
from foundation.wording import filled
from foundation.work_items import settling
from organizations.bodies.models import Organization
from organizations.people.events import conflict_declared
from organizations.providers.events import missing_for_resuming
from organizations.providers.models import Provider
from referrals.offers.events import waiting_for_hand_over
from referrals.rematching import events
from referrals.rematching.events import having_another_part
from referrals.rematching.models import Rematch


@missing_for_resuming.register
def exits_under_way(providers: Sequence[Provider]) -> dict[int, Refused]:
    """The exits of providers, which do not resume before these are over."""
    leaving = set(
        Exit.objects.under_way().filter(provider__in=providers).values_list("provider_id", flat=True)
    )
    words = _("“%(name)s”的退出正在办理，办结之前不能恢复承接。")
    return {
        provider.pk: NotNow(filled(words, name=str(provider)), rule="S26")
        for provider in providers
        if provider.pk in leaving
    }


@having_another_part.register
def members_of_panels(rematches: Sequence[Rematch]) -> dict[int, set[int]]:
    """The members of the panels that decide on the exits of the leaving providers."""
    providers = {rematch.provider_id for rematch in rematches}
    panels = dict(Exit.objects.under_way().filter(provider__in=providers).values_list("provider", "panel"))
    return {rematch.pk: set(panels.get(rematch.provider_id, ())) for rematch in rematches}


@events.waiting_with.register
def exits_of_the_provider(rematch: Rematch) -> list[Exit]:
    """The exit under way, on which nobody votes who has approved where its work goes."""
    return list(Exit.objects.under_way().filter(provider=rematch.provider_id))


@waiting_for_hand_over.register
def exits_in_hand_over(provider: Provider) -> list[Exit]:
    """The exit whose hand-over ends when no referral of the provider is open."""
    return list(Exit.objects.filter(provider=provider, status__in=ExitStatus.in_phase(SERVING)))


@waiting_for_settlement.register
def exits_to_be_settled(contract: Contract) -> list[Exit]:
    """The exit that ends when the contracts of the provider are settled."""
    return list(Exit.objects.filter(provider=contract.provider_id, status__in=ExitStatus.in_phase(ANSWERING)))


@conflict_declared.register
def keep_from_voting(organization: Organization) -> None:
    """Make the work items of an exit under way anew: nobody votes who has a conflict of interest."""
    settling.touch(*Exit.objects.under_way().filter(provider__organization=organization))
