"""What follows for a provider when it is entered in a list of the registration authority, or removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext_lazy

from foundation.inbox import notices
from foundation.lifecycle.models import LifecycleModel
from foundation.refusals import Words
from foundation.roles import TOLD_OF_ACCREDITATIONS
from foundation.wording import filled
from organizations.listings import events
from organizations.listings.kinds import ListKind
from organizations.listings.models import Listing
from organizations.providers.models import Provider


def _provider_of(listing: Listing) -> Provider | None:
    """The provider with the credit code, if there is one."""
    rows = Provider.objects.select_related("organization")
    return rows.filter(organization__credit_code=listing.credit_code).first()


@events.open_work.register
def waiting(listing: Listing) -> list[LifecycleModel]:
    """The provider, and what waits because of how it stands."""
    provider = _provider_of(listing)
    return [provider, *provider.beside()] if provider else []


@events.following.register
def barred_or_free(rows: Sequence[Mapping[str, str]]) -> list[Words]:
    """Which providers the rows of a file keep from new work, and to which they give it back, in words."""
    providers = {
        str(provider.organization.credit_code): provider
        for provider in Provider.objects.filter(
            organization__credit_code__in={row["credit_code"] for row in rows}
        ).select_related("organization")
    }
    standing = set(
        Listing.objects.on().filter(credit_code__in=providers).values_list("credit_code", "kind", "listed_on")
    )
    bars = gettext_lazy(
        "%(name)s：列入“%(list)s”，不能再投标、签约和接受新的转介；手上没办完的 %(n)s 件请看顾"
    )
    ends = gettext_lazy("%(name)s：从“%(list)s”移出；没有别的限制的，可以再投标、签约和接受新的转介")
    found: list[Words] = []
    for row in rows:
        provider = providers.get(row["credit_code"])
        stands = (row["credit_code"], row["kind"], date.fromisoformat(row["listed_on"])) in standing
        if provider is None or stands != bool(row["removed_on"]):
            continue
        words = ends if row["removed_on"] else bars
        told = {"name": provider, "list": ListKind(row["kind"]).label, "n": len(provider.beside())}
        found.append(filled(words, **told))
    return found


@events.changed.register
def tell(listing: Listing) -> None:
    """Notify the provider and civil affairs: nothing new while it is listed, as before once it is not."""
    provider = _provider_of(listing)
    if provider is None:
        return
    bars = gettext_lazy("%(name)s：已列入“%(list)s”，移出以前不能投标、签约和接受新的转介")
    ends = gettext_lazy("%(name)s：“%(list)s”的登记已移出或作废")
    listed = Listing.objects.on().filter(pk=listing.pk).exists()
    words = filled(bars if listed else ends, name=provider, list=ListKind(listing.kind).label)
    for role in TOLD_OF_ACCREDITATIONS:
        notices.send(provider, role, words)
