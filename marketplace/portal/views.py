"""Public pages: providers, notices, funds, where to get help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.editions.models import Edition
from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetLine
from contracts.contracts.models import Contract
from evaluations.exits.models import Exit
from evaluations.rounds.models import Round
from foundation.forms.typed import folded
from foundation.permissions import ANYONE, access
from foundation.ui.chips import state_chip
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order, paginate
from foundation.ui.tables import Column, or_dash, table, under
from foundation.ui.tabs import Tab
from foundation.ui.views import Page
from foundation.wording import day, figure, money
from giving.models import ZERO, Pool
from organizations.bodies import hours
from organizations.bodies.models import Organization
from organizations.providers.models import Provider, in_good_standing

#: The figures of a budget line whose entries are public.
PUBLIC_FIGURES = {
    "amount": gettext_lazy("预算"),
    Account.COMMITTED.value: Account.COMMITTED.label,
    Account.SPENT.value: Account.SPENT.label,
}


def _last_grade(provider: Provider) -> str:
    """The grade and score of the last evaluation."""
    if not provider.last_grade:
        return _("尚未评估")
    score = "" if provider.last_score is None else provider.last_score
    return f"{provider.get_last_grade_display()} {score}"


#: The columns of a provider that the list shows.
SHOWN = (
    *("nature", "status", "accredited_until", "last_grade", "last_score"),
    *("organization__code", "organization__name", "organization__place__name"),
    "organization__credit_code",
)


class Providers(ListPage):
    """Providers with standing and last grade.

    Those that may take on new work, or with ``?others`` those that may not; ``?q=`` searches both.
    """

    access = access(GET=ANYONE)
    template = "portal/providers.html"
    beneath = "public-providers"
    columns = (
        Column(gettext_lazy("机构"), str),
        Column(gettext_lazy("性质"), lambda row: row.get_nature_display()),
        Column(gettext_lazy("所在地"), "organization.place"),
        Column(gettext_lazy("最近评估"), _last_grade),
        Column(gettext_lazy("状态"), state_chip),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Provider.objects.published().with_lists().select_related("organization__place").only(*SHOWN)
        asked, others = folded(request.GET.get("q", "")), "others" in request.GET
        if asked:
            found = found.named(asked)
        else:
            found = found.exclude(in_good_standing()) if others else found.in_good_standing()
        standings = [
            Tab("?", _("可以承接的"), not asked and not others),
            Tab("?others", _("暂停、到期或已退出的"), not asked and others),
        ]
        return self.show_list(found, asked=asked, others=others, standings=standings)

    def address_of(self, row: Provider) -> str:
        """The public page of the provider."""
        return f"{self._here}{row.organization.code}/"


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
                "takes_on": provider.in_good_standing(),
                "offers": in_order(
                    provider.offers.serving().select_related("item").defer("item__search"),
                    request,
                    "offers_from",
                ),
                "contracts": in_order(provider.contracts.public(), request, "contracts_from"),
            }
        )


class Notices(Page):
    """Exits and suspensions, published results of evaluation, notices of the catalog."""

    access = access(GET=ANYONE)
    template = "portal/notices.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        suspended = Provider.objects.suspended().select_related("organization")
        exits = Exit.objects.published().select_related("provider__organization")
        rounds = Round.objects.public()
        return self.render(
            {
                "suspended": paginate(suspended, request, "suspended_before"),
                "exits": paginate(exits, request, "exits_before"),
                "rounds": paginate(rounds, request, "rounds_before"),
                "editions": paginate(Edition.objects.published(), request, "editions_before"),
            }
        )


def _behind(name: str) -> Callable[[BudgetLine], SafeString]:
    """Cells with a figure of a budget line, linked to the entries behind it."""
    return lambda line: format_html(
        '<a href="{}">{}</a>',
        reverse("public-funds-entries", args=[line.pk, name]),
        money(getattr(line, name)),
    )


def _gifts(name: str, account: str) -> Callable[[Pool], SafeString]:
    """Cells with the worth of what a pool received or gave, linked to the entries behind it."""
    return lambda pool: format_html(
        '<a href="{}{}">{}</a>',
        reverse("public-pool", args=[pool.pk]),
        account,
        money(pool.worth(getattr(pool, name))),
    )


#: The columns of budget lines, and of charities' funds and goods.
LINES = (
    Column(gettext_lazy("资金来源"), lambda line: f"{line.year} {line.source}"),
    Column(gettext_lazy("责任部门"), "body"),
    Column(gettext_lazy("预算（元）"), _behind("amount"), "money"),
    Column(gettext_lazy("已签约"), _behind("committed"), "money"),
    Column(gettext_lazy("已支付"), _behind("spent"), "money"),
)
POOLS = (
    Column(gettext_lazy("资金或物资库"), str),
    Column(gettext_lazy("慈善组织"), "provider"),
    Column(gettext_lazy("用途"), "purpose"),
    Column(gettext_lazy("收入（元）"), _gifts("received", ""), "money"),
    Column(gettext_lazy("已发放（元）"), _gifts("given", "?account=given"), "money"),
    Column(gettext_lazy("结存"), lambda pool: f"{figure(pool.available)} {pool.unit}", "money"),
)


class Funds(ListPage):
    """How the money of the year is used (S33); amounts in CNY."""

    access = access(GET=ANYONE)
    template = "portal/funds.html"
    linked = False
    columns = (
        Column(gettext_lazy("合同"), "title"),
        Column(gettext_lazy("承接主体"), "provider"),
        Column(gettext_lazy("采购方式"), lambda row: row.get_method_display()),
        Column(gettext_lazy("金额（元）"), lambda row: money(row.amount), "money"),
        Column(gettext_lazy("已支付"), lambda row: money(row.spent), "money"),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = BudgetLine.objects.exclude(amount=0)
        total: dict[str, Any] = lines.aggregate(
            amount=Sum("amount"), spent=Sum("spent"), committed=Sum("committed")
        )
        contracts = Contract.objects.public().select_related("provider__organization", "buyer")
        filled = Pool.objects.exclude(received=0)
        social = filled.aggregate(
            received=Sum(F("received") * F("unit_value"), default=ZERO),
            given=Sum(F("given") * F("unit_value"), default=ZERO),
        )
        pools = in_order(filled.select_related("provider__organization"), request, "pools_from")
        page_of_lines = in_order(lines.select_related("body"), request, "lines_from")
        return self.show_list(
            contracts,
            pools=pools and table(POOLS, pools),
            page_of_pools=pools,
            social=social,
            lines=table(LINES, page_of_lines),
            page_of_lines=page_of_lines,
            total=total,
        )

    def mark(self, row: Contract) -> SafeString:
        """The number of the contract, under its title."""
        return under(row.number)


class FundsEntries(ListPage):
    """The entries behind one public figure of one budget line."""

    access = access(GET=ANYONE)
    template = "portal/funds_entries.html"
    linked = False
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


def _phone(window: Organization) -> SafeString:
    """The telephone number, to be called from a phone."""
    return format_html('<a href="tel:{}">{}</a>', window.phone, window.phone)


class Help(ListPage):
    """Where to get help: windows, the hotline, and what happens then."""

    access = access(GET=ANYONE)
    template = "portal/help.html"
    linked = False
    columns = (
        Column(gettext_lazy("窗口"), str),
        Column(gettext_lazy("地址"), "address"),
        Column(gettext_lazy("电话"), _phone),
        Column(gettext_lazy("开放时间"), lambda row: or_dash(hours.brief(row.hours))),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        windows = Organization.objects.windows().select_related("place")
        return self.show_all(windows)
