"""Pages about contracts and invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from contracts import invoicing, penalties, renewing, terms, warning
from contracts.lifecycle import RUNNING, InvoiceStatus
from contracts.models import Amendment, ClawBack, Contract, ContractLine, Invoice
from contracts.pages.money import MONEY
from foundation import moments
from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible, visible
from foundation.pages.lists import ListPage
from foundation.pages.tables import Column, state_of, under
from foundation.roles import Role
from foundation.wording import day, money

PARTIES = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR, Role.COORDINATOR)
#: What a row of either list shows.
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
INVOICE_ROWS = Invoice.objects.values_list(
    "pk",
    "number",
    "contract__title",
    "contract__provider__organization__name",
    "payable",
    "status",
    named=True,
)


class Contracts(ListPage):
    """The contracts that the reader may see."""

    access = access(GET=PARTIES)
    template = "contracts/contracts.html"
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
        return self.show_list(visible(CONTRACT_ROWS, self.actor))

    def mark(self, row: Any) -> SafeString:
        """The number of the contract."""
        return under(row.number)


class ShowContract(Page):
    """One contract: lines with their quota, money, invoices, what may be done."""

    access = access(GET=PARTIES)
    template = "contracts/contract.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        contract = find_visible(Contract, self.actor, number=number)
        return self.show(
            {
                "object": contract,
                "lines": _with_forecast(contract),
                "invoices": contract.invoices.all(),
                "amendments": contract.amendments.all(),
                "payment": terms.payment_in_words(contract),
                "signatures": contract.signatures.filter(amendment=None),
                "penalties": contract.penalty_set.all(),
                "may_fine": self.actor.role == Role.CIVIL_AFFAIRS
                and contract.status in penalties.OPEN
                and bool(contract.penalties),
                "held": invoicing.held_back(contract),
                "may_claim_final": self.actor.role == Role.COORDINATOR and contract.status in invoicing.ENDED,
                "renewals": contract.renewals.visible_to(self.actor),
                "may_amend": self.actor.role == Role.CIVIL_AFFAIRS
                and Contract.objects.serving(moments.today()).filter(pk=contract.pk).exists(),
                "may_renew": self.actor.role == Role.CIVIL_AFFAIRS and renewing.may_be_renewed(contract),
                "earmarks": contract.earmarks.select_related("line"),
                "sees_ledger": self.actor.role in MONEY,
                "moves": contract.moves_for(self.actor),
                "timeline": timeline.told([contract]),
            }
        )


def _with_forecast(contract: Contract) -> list[tuple[ContractLine, warning.Forecast | None]]:
    lines = list(contract.lines.select_related("item", "contract"))
    found = warning.forecasts(lines) if contract.status in RUNNING else {}
    return [(each, found.get(each.pk)) for each in lines]


class Invoices(ListPage):
    """The invoices that the reader may see."""

    access = access(GET=PARTIES)
    template = "contracts/invoices.html"
    beneath = "invoices"
    columns = (
        Column(gettext_lazy("结算单"), "number"),
        Column(gettext_lazy("合同"), "contract__title"),
        Column(gettext_lazy("承接主体"), "contract__provider__organization__name"),
        Column(gettext_lazy("应付（元）"), lambda row: money(row.payable), "money"),
        state_of(Invoice),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(INVOICE_ROWS, self.actor))


class ShowInvoice(Page):
    """One invoice, down to the deliveries behind every yuan."""

    access = access(GET=PARTIES)
    template = "contracts/invoice.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        invoice = find_visible(Invoice, self.actor, number=number)
        return self.show(
            {
                "object": invoice,
                "deliveries": invoice.deliveries.select_related("line__item"),
                "samples": invoice.samples.select_related("delivery__line__item"),
                "may_check": any(row.name == "check" for row in invoice.moves_for(self.actor)),
                "penalties": invoice.penalties.all(),
                "claw_backs": invoice.claw_backs.all(),
                "may_claim": self.actor.role == Role.CIVIL_AFFAIRS and invoice.status == InvoiceStatus.PAID,
                "moves": invoice.moves_for(self.actor),
                "timeline": timeline.told([invoice]),
            }
        )


class ShowClawBack(Page):
    """Money claimed back: from which invoice, why, and whether it has come."""

    access = access(GET=PARTIES)
    template = "contracts/claw_back.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        claw_back = find_visible(ClawBack, self.actor, pk=pk)
        return self.show(
            {
                "object": claw_back,
                "moves": claw_back.moves_for(self.actor),
                "timeline": timeline.told([claw_back]),
            }
        )


class ShowAmendment(Page):
    """A supplementary agreement: each line before and after, and what it costs."""

    access = access(GET=PARTIES)
    template = "contracts/amendment.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        amendment = find_visible(Amendment, self.actor, pk=pk)
        rows = [
            {
                **each,
                "more": each["after"] - each["before"],
                "cost": Decimal(each["price"]) * (each["after"] - each["before"]),
            }
            for each in amendment.lines
        ]
        return self.show(
            {
                "object": amendment,
                "rows": rows,
                "signatures": amendment.signatures.all(),
                "moves": amendment.moves_for(self.actor),
                "timeline": timeline.told([amendment]),
            }
        )
