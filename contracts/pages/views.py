"""Pages about contracts, invoices and budgets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from contracts.models import BudgetLine, Contract, Invoice
from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible
from foundation.pages.paging import leaf
from foundation.roles import Role

PARTIES = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR, Role.COORDINATOR)
MONEY = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)


class Contracts(Page):
    """The contracts that the reader may see."""

    access = access(GET=PARTIES)
    template = "contracts/contracts.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Contract.objects.visible_to(self.actor).select_related("provider__organization")
        return self.show({"contracts": leaf(found, request)})


class ShowContract(Page):
    """One contract: lines with their quota, money, invoices, what may be done."""

    access = access(GET=PARTIES)
    template = "contracts/contract.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        contract = find_visible(Contract, self.actor, number=number)
        return self.show(
            {
                "object": contract,
                "lines": contract.lines.select_related("item"),
                "invoices": contract.invoices.all(),
                "ledger": contract.ledger.all() if self.actor.role in MONEY else [],
                "moves": contract.moves_for(self.actor),
                "timeline": timeline.told([contract]),
            }
        )


class Invoices(Page):
    """The invoices that the reader may see."""

    access = access(GET=PARTIES)
    template = "contracts/invoices.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Invoice.objects.visible_to(self.actor).select_related(
            "contract__provider__organization"
        )
        return self.show({"invoices": leaf(found, request)})


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
                "moves": invoice.moves_for(self.actor),
                "timeline": timeline.told([invoice]),
            }
        )


class Budgets(Page):
    """Every budget line and where its money stands; the ledger behind one line."""

    access = access(GET=MONEY)
    template = "contracts/budgets.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = BudgetLine.objects.visible_to(self.actor).select_related("body")
        chosen = request.GET.get("line", "")
        line = lines.filter(pk=chosen).first() if chosen.isdigit() else None
        entries = line.entries.select_related("contract")[:200] if line else []
        return self.show({"lines": lines, "line": line, "entries": entries})
