"""Public pages: providers, notices, funds, where to get help."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.editions.models import Edition
from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetLine, LedgerEntry
from contracts.contracts.models import Contract
from contracts.contracts.states import RUNNING, ContractStatus
from evaluations.exits.models import PUBLIC as LEFT
from evaluations.exits.models import Exit
from evaluations.rounds.models import PUBLIC, Round
from foundation.forms.typed import folded
from foundation.permissions import ANYONE, access
from foundation.ui.lists import ListPage
from foundation.ui.pagination import paginate
from foundation.ui.tables import Column
from foundation.ui.tabs import Tab
from foundation.ui.views import Page
from foundation.wording import day, money
from giving.models import ZERO, Pool
from organizations.bodies.models import Organization, OrganizationKind
from organizations.providers.models import Provider, in_good_standing
from organizations.providers.states import Standing

#: The states of public contracts: signed, and all that follow.
PUBLIC_CONTRACTS = (
    ContractStatus.SIGNED,
    *RUNNING,
    ContractStatus.TERMINATED,
    ContractStatus.COMPLETED,
    ContractStatus.SETTLED,
)

#: The figures of a budget line whose entries are public.
PUBLIC_FIGURES = {
    "amount": gettext_lazy("预算"),
    Account.COMMITTED.value: Account.COMMITTED.label,
    Account.SPENT.value: Account.SPENT.label,
}


class Providers(Page):
    """Providers with standing and last grade.

    Those that may take on new work, or with ``?others`` those that may not; ``?q=`` searches both.
    """

    access = access(GET=ANYONE)
    template = "portal/providers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Provider.objects.published().select_related("organization__place")
        asked, others = folded(request.GET.get("q", "")), "others" in request.GET
        if asked:
            found = found.named(asked)
        else:
            found = found.exclude(in_good_standing()) if others else found.in_good_standing()
        standings = [
            Tab("?", _("可以承接的"), not asked and not others),
            Tab("?others", _("暂停、到期或已退出的"), not asked and others),
        ]
        return self.render(
            {"providers": paginate(found, request), "asked": asked, "others": others, "standings": standings}
        )


class ShowProvider(Page):
    """The public page of one provider."""

    access = access(GET=ANYONE)
    template = "portal/provider.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        published = Provider.objects.published().select_related("organization__place")
        provider = get_object_or_404(published, organization__code=code)
        return self.render(
            {
                "provider": provider,
                "offers": provider.offers.serving().select_related("item").defer("item__search"),
                "contracts": provider.contracts.filter(status__in=PUBLIC_CONTRACTS),
            }
        )


class Notices(Page):
    """Exits and suspensions, published results of evaluation, notices of the catalog."""

    access = access(GET=ANYONE)
    template = "portal/notices.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        suspended = Provider.objects.filter(status=Standing.SUSPENDED)
        exits = Exit.objects.filter(status__in=LEFT).select_related("provider__organization")
        return self.render(
            {
                "suspended": suspended.select_related("organization"),
                "exits": exits,
                "rounds": Round.objects.filter(status__in=PUBLIC),
                "editions": Edition.objects.published(),
            }
        )


class Funds(Page):
    """How the money of the year is used (S33); amounts in CNY."""

    access = access(GET=ANYONE)
    template = "portal/funds.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = BudgetLine.objects.exclude(amount=0)
        total: dict[str, Any] = lines.aggregate(
            amount=Sum("amount"), spent=Sum("spent"), committed=Sum("committed")
        )
        contracts = Contract.objects.filter(status__in=PUBLIC_CONTRACTS).select_related(
            "provider__organization", "buyer"
        )
        pools = list(Pool.objects.exclude(received=0).select_related("provider__organization"))
        return self.render(
            {
                "pools": [(pool, pool.worth(pool.received), pool.worth(pool.given)) for pool in pools],
                "social": {
                    "received": sum((pool.worth(pool.received) for pool in pools), ZERO),
                    "given": sum((pool.worth(pool.given) for pool in pools), ZERO),
                },
                "lines": lines.select_related("body"),
                "total": total,
                "contracts": paginate(contracts, request),
            }
        )


class FundsEntries(ListPage):
    """The entries behind one public figure of one budget line."""

    access = access(GET=ANYONE)
    template = "portal/funds_entries.html"
    columns = (
        Column(gettext_lazy("摘要"), "note"),
        Column(gettext_lazy("日期"), lambda row: day(row.at)),
        Column(gettext_lazy("金额（元）"), lambda row: money(row.signed), "money"),
    )

    def get(self, request: HttpRequest, pk: int, account: str) -> HttpResponse:
        line = get_object_or_404(BudgetLine, pk=pk)
        if account not in PUBLIC_FIGURES:
            raise Http404
        # The total is a column of the line; summing would read all entries.
        return self.show_list(
            ledger.behind(account).filter(line=line),
            line=line,
            account=PUBLIC_FIGURES[account],
            total=getattr(line, account),
        )

    def address_of(self, row: LedgerEntry) -> str:
        """Entries have no pages of their own."""
        return ""


class Help(Page):
    """Where to get help: windows, the hotline, and what happens then."""

    access = access(GET=ANYONE)
    template = "portal/help.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        windows = Organization.objects.filter(kind=OrganizationKind.WINDOW).select_related("place")
        return self.render({"windows": windows})
