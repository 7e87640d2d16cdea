"""Pages about invoices and claims for overpayment."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.invoices.models import ClawBack, Delivery, Invoice, Sample
from contracts.permissions import buyer, provider_of_its_contract
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.chips import chip
from foundation.ui.lists import ListPage
from foundation.ui.pagination import paginate
from foundation.ui.tables import Column, state_of, table
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day, money

INVOICE_ROWS = Invoice.objects.values_list(
    "pk",
    "number",
    "contract__title",
    "contract__provider__organization__name",
    "payable",
    "status",
    named=True,
)


class Invoices(ListPage):
    """The invoices that the reader may see."""

    access = access_to(Invoice)
    template = "contracts/invoices/invoices.html"
    rows = INVOICE_ROWS
    beneath = "invoices"
    columns = (
        Column(gettext_lazy("结算单"), "number"),
        Column(gettext_lazy("合同"), "contract__title"),
        Column(gettext_lazy("承接主体"), "contract__provider__organization__name"),
        Column(gettext_lazy("应付（元）"), lambda row: money(row.payable), "money"),
        state_of(Invoice),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(Invoice, self.actor))


def _units(delivery: Delivery) -> str:
    """The units delivered, and how many of them were struck off."""
    if not delivery.struck:
        return str(delivery.units)
    struck = chip(_("核减 %(n)s") % {"n": delivery.struck}, "late", "circle-alert")
    return format_html("{} {}", delivery.units, struck)


#: The columns of the deliveries behind an invoice.
DELIVERIES = (
    Column(gettext_lazy("日期"), lambda delivery: day(delivery.delivered_on)),
    Column(gettext_lazy("转介号"), "holder"),
    Column(gettext_lazy("服务项目"), "line.item"),
    Column(gettext_lazy("数量"), _units, "money"),
    Column(gettext_lazy("单价（元）"), lambda delivery: money(delivery.unit_price), "money"),
    Column(gettext_lazy("金额（元）"), lambda delivery: money(delivery.amount), "money"),
)


class ShowInvoice(Page):
    """One invoice with the deliveries, samples and penalties behind its amount."""

    access = access_to(Invoice)
    template = "contracts/invoices/invoice.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        samples = Prefetch("samples", Sample.objects.select_related("delivery__line__item"))
        found = Invoice.objects.select_related("contract__provider__organization").prefetch_related(samples)
        invoice = find_visible(found, self.actor, number=number)
        transitions = invoice.transitions_for(self.actor)
        deliveries = paginate(invoice.deliveries.select_related("line__item"), request)
        return self.render(
            {
                "object": invoice,
                "page": deliveries,
                "deliveries": table(DELIVERIES, deliveries, names=None),
                "samples": invoice.samples.all(),
                "may_check": any(row.name == "check" for row in transitions),
                "penalties": invoice.penalties.all(),
                "claw_backs": invoice.claw_backs.all(),
                "to_replace": invoice.to_be_replaced and provider_of_its_contract.admits(self.actor, invoice),
                "may_claim": buyer.admits(self.actor, invoice) and invoice.paid,
                "transitions": transitions,
                "timeline": timeline.entries_of([invoice]),
            }
        )


class ShowClawBack(Page):
    """A claim for overpayment: the invoice, the reason, and whether the money has come."""

    access = access_to(ClawBack)
    template = "contracts/invoices/claw_back.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        claw_back = find_visible(ClawBack, self.actor, pk=pk)
        return self.render(
            {
                "object": claw_back,
                "transitions": claw_back.transitions_for(self.actor),
                "timeline": timeline.entries_of([claw_back]),
            }
        )
