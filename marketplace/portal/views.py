"""What anybody may read, without sign-in: catalog, providers, notices, funds."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from catalog.lifecycle import OfferStatus
from catalog.models import Edition, Item, Offer
from catalog.models.item import GROUPS
from contracts.lifecycle import ContractStatus
from contracts.models import BudgetLine, Contract
from evaluations.lifecycle import RoundStatus
from evaluations.models import Round
from foundation import moments
from foundation.access import ANYONE, access
from foundation.pages.base import Page
from foundation.pages.paging import leaf
from organizations.lifecycle import Standing
from organizations.models import Organization, Provider
from organizations.models.organization import OrganizationKind

#: Contracts that the public may read: signed ones, whatever came after.
PUBLIC_CONTRACTS = (
    ContractStatus.SIGNED,
    ContractStatus.IN_FORCE,
    ContractStatus.TERMINATED,
    ContractStatus.COMPLETED,
    ContractStatus.SETTLED,
)


class Catalog(Page):
    """The catalog in force: search by word, filter by group."""

    access = access(GET=ANYONE)
    template = "portal/catalog.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        edition = Edition.objects.in_force().first()
        items = Item.objects.in_force()
        asked, group = request.GET.get("q", "").strip(), request.GET.get("group", "")
        if asked:
            words = (
                Q(name__icontains=asked)
                | Q(name_en__icontains=asked)
                | Q(code__icontains=asked)
                | Q(audience_text__icontains=asked)
                | Q(standard__icontains=asked)
            )
            items = items.filter(words)
        if group in GROUPS:
            items = items.filter(code__startswith=group)
        template = "portal/catalog_items.html" if request.htmx else self.template
        return self.show(
            {
                "edition": edition,
                "groups": [
                    (code, name, [i for i in items if i.code[0] == code])
                    for code, name in GROUPS.items()
                ],
                "all_groups": GROUPS.items(),
                "asked": asked,
                "group": group,
                "count": len(items),
            },
            template=template,
        )


class ShowItem(Page):
    """One item: what it is, who pays, who gives it, how to apply."""

    access = access(GET=ANYONE)
    template = "portal/item.html"

    def get(self, request: HttpRequest, edition: int, code: str) -> HttpResponse:
        found = get_object_or_404(Edition.objects.published(), pk=edition)
        item = get_object_or_404(found.items.select_related("body"), code=code)
        offers = Offer.objects.filter(
            item=item, status=OfferStatus.ACCEPTED, provider__status=Standing.ACCREDITED
        ).select_related("provider__organization__place")
        return self.show({"item": item, "edition": found, "offers": offers})


class Providers(Page):
    """Every provider with its standing and last grade."""

    access = access(GET=ANYONE)
    template = "portal/providers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Provider.objects.published().select_related("organization__place")
        asked = request.GET.get("q", "").strip()
        if asked:
            found = found.filter(organization__name__icontains=asked)
        return self.show({"providers": leaf(found, request), "asked": asked})


class ShowProvider(Page):
    """One provider for the public."""

    access = access(GET=ANYONE)
    template = "portal/provider.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        published = Provider.objects.published().select_related("organization__place")
        provider = get_object_or_404(published, organization__code=code)
        return self.show(
            {
                "provider": provider,
                "offers": provider.offers.filter(status=OfferStatus.ACCEPTED).select_related(
                    "item"
                ),
                "contracts": provider.contracts.filter(status__in=PUBLIC_CONTRACTS),
            }
        )


class Notices(Page):
    """Exits and suspensions, published results, catalog notices."""

    access = access(GET=ANYONE)
    template = "portal/notices.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        left = Provider.objects.filter(status__in=[Standing.SUSPENDED, Standing.EXITED])
        rounds = Round.objects.filter(status=RoundStatus.FINAL).prefetch_related(
            "assessments__provider__organization"
        )
        return self.show(
            {
                "left": left.select_related("organization"),
                "rounds": rounds,
                "editions": Edition.objects.published(),
            }
        )


class Funds(Page):
    """How the money of the year is used (S33)."""

    access = access(GET=ANYONE)
    template = "portal/funds.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = BudgetLine.objects.filter(year__lte=moments.today().year + 1)
        total: dict[str, Any] = lines.aggregate(
            amount=Sum("amount"), spent=Sum("spent"), committed=Sum("committed")
        )
        contracts = Contract.objects.filter(status__in=PUBLIC_CONTRACTS).select_related(
            "provider__organization", "buyer"
        )
        return self.show(
            {
                "lines": lines.select_related("body"),
                "total": total,
                "contracts": leaf(contracts, request),
            }
        )


class Help(Page):
    """Where to knock: windows, the hotline, how it goes, in plain words."""

    access = access(GET=ANYONE)
    template = "portal/help.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        windows = Organization.objects.filter(kind=OrganizationKind.WINDOW).select_related("place")
        return self.show({"windows": windows})
