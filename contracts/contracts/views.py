"""Pages about contracts."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.contracts import renewing, terms, warning
from contracts.contracts.models import Contract, ContractLine
from contracts.contracts.states import BILLABLE, UNDER_WAY, ContractStatus
from contracts.invoices import invoicing
from contracts.permissions import buyer, contracted_provider
from foundation import moments
from foundation.journal import timeline
from foundation.lifecycle.phases import ANSWERING
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.pagination import paginate
from foundation.ui.tables import Column, drawn, state_of, table, under
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day, money

#: The columns that the list reads.
CONTRACT_ROWS = Contract.objects.values_list(
    "pk",
    "number",
    "title",
    "provider__organization__name",
    "start_on",
    "end_on",
    "amount",
    "spent",
    "status",
    named=True,
)


class Contracts(ListPage):
    """The contracts that the reader may see."""

    access = access_to(Contract)
    template = "contracts/contracts/contracts.html"
    rows = CONTRACT_ROWS
    beneath = "contracts"
    columns = (
        Column(gettext_lazy("合同"), "title"),
        Column(gettext_lazy("承接主体"), "provider__organization__name"),
        Column(
            gettext_lazy("期限"),
            lambda row: format_html("<span>{}<br>{}</span>", day(row.start_on), day(row.end_on)),
        ),
        Column(gettext_lazy("金额（元）"), lambda row: money(row.amount), "money"),
        Column(gettext_lazy("已支付"), lambda row: money(row.spent), "money"),
        state_of(Contract),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(Contract, self.actor))

    def mark(self, row: Any) -> SafeString:
        """The number of the contract, under its title."""
        return under(row.number)


class LineWithForecast(NamedTuple):
    """A line of a contract, with the forecast of its quota while the contract runs."""

    line: ContractLine
    forecast: warning.Forecast | None


def _terms(row: LineWithForecast) -> SafeString:
    """The places of a line, and its own days where it has some."""
    line, contract = row.line, row.line.contract
    told = []
    if line.places:
        told.append(under(_("名额 %(n)s") % {"n": line.places}))
    if line.start_on or line.end_on:
        first, last = line.start_on or contract.start_on, line.end_on or contract.end_on
        told.append(under(" ".join((day(first), _("至"), day(last)))))
    return SafeString("".join(told))


#: The columns of the lines of a contract.
LINES = (
    Column(gettext_lazy("服务项目"), "line.item.local_title"),
    Column(gettext_lazy("单价（元）"), lambda row: money(row.line.unit_price), "money"),
    Column(gettext_lazy("数量"), "line.quantity", "money"),
    Column(gettext_lazy("预留"), "line.reserved", "money"),
    Column(gettext_lazy("已用"), "line.used", "money"),
    Column(gettext_lazy("用量"), drawn("contracts/contracts/usage.html", "row")),
)


class ShowContract(Page):
    """One contract: lines with quota and forecast, money, invoices, and what the reader may do."""

    access = access_to(Contract)
    template = "contracts/contracts/contract.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        contracts = Contract.objects.select_related("buyer", "provider__organization", "edition")
        contract = find_visible(contracts, self.actor, number=number)
        buys = buyer.admits(self.actor, contract)
        return self.render(
            {
                "object": contract,
                "lines": table(LINES, _with_forecast(contract), mark=_terms),
                "invoices": paginate(contract.invoices.all(), request, "invoices_before"),
                "amendments": paginate(contract.amendments.all(), request, "amendments_before"),
                "payment": terms.payment_in_words(contract),
                "signatures": contract.signatures.filter(amendment=None),
                "penalties": paginate(contract.penalty_set.all(), request, "penalties_before"),
                "may_fine": buys
                and contract.status in ContractStatus.in_phase(BILLABLE)
                and bool(contract.penalties),
                "held": invoicing.held_back(contract),
                "may_claim_final": contracted_provider.admits(self.actor, contract)
                and contract.status in ContractStatus.in_phase(ANSWERING),
                "renewals": contract.renewals.visible_to(self.actor),
                "may_amend": buys and contract.serves(moments.today()),
                "may_renew": buys and renewing.may_be_renewed(contract),
                "earmarks": contract.earmarks.select_related("line"),
                "sees_ledger": self.may_open("ledger"),
                "transitions": contract.transitions_for(self.actor),
                "timeline": timeline.entries_of([contract]),
            }
        )


def _with_forecast(contract: Contract) -> list[LineWithForecast]:
    """The lines of a contract, each with the forecast of its quota while it runs."""
    lines = list(contract.lines.select_related("item", "contract"))
    found = warning.forecasts(lines) if contract.status in ContractStatus.in_phase(UNDER_WAY) else {}
    return [LineWithForecast(line, found.get(line.pk)) for line in lines]
