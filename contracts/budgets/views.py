"""Pages about budgets: where the money of each line stands, and the entries behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetChange, BudgetLine, LedgerEntry
from contracts.budgets.states import BudgetChangeStatus
from foundation.forms.typed import whole_number
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.chips import chip_of
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order, paginate
from foundation.ui.tables import Column, table
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import moment, money

#: The figures of a line and their labels, in the order shown.
FIGURES = {
    "amount": gettext_lazy("预算（元）"),
    Account.AVAILABLE.value: Account.AVAILABLE.label,
    Account.PLANNED.value: Account.PLANNED.label,
    Account.RESERVED.value: Account.RESERVED.label,
    Account.COMMITTED.value: Account.COMMITTED.label,
    Account.SPENT.value: Account.SPENT.label,
    Account.RETURNED.value: Account.RETURNED.label,
    Account.CARRIED.value: Account.CARRIED.label,
}


def _figure(line: BudgetLine, name: str) -> SafeString:
    """A figure as a link to its entries."""
    address = f"{reverse('ledger')}?line={line.pk}&account={name}"
    return format_html('<a href="{}">{}</a>', address, money(getattr(line, name)))


class Budgets(ListPage):
    """Every budget line with its balances, and the documents that wait for approval."""

    access = access_to(BudgetChange)
    template = "contracts/budgets/budgets.html"
    columns = (
        Column(gettext_lazy("资金来源"), str),
        Column(gettext_lazy("责任部门"), "body"),
        *(Column(words, partial(_figure, name=name), "money") for name, words in FIGURES.items()),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = BudgetLine.objects.visible_to(self.actor).exclude(amount=0).select_related("body")
        waiting = BudgetChange.objects.visible_to(self.actor).filter(
            status__in=BudgetChangeStatus.unfinished()
        )
        return self.show_list(lines, waiting=waiting.select_related("line"))


#: The columns of the contracts that a line funds.
EARMARKS = (
    Column(gettext_lazy("合同"), "contract.title"),
    Column(gettext_lazy("承接主体"), "contract.provider"),
    Column(gettext_lazy("预留"), lambda earmark: money(earmark.reserved), "money"),
    Column(gettext_lazy("已签约"), lambda earmark: money(earmark.committed), "money"),
    Column(gettext_lazy("已支付"), lambda earmark: money(earmark.spent), "money"),
)


class ShowBudget(Page):
    """One budget line: its balances, the contracts that it funds, and the documents behind it."""

    access = access_to(BudgetLine)
    template = "contracts/budgets/budget.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        line = find_visible(BudgetLine, self.actor, pk=pk)
        earmarks = paginate(line.earmarks.select_related("contract__provider__organization"), request)
        return self.render(
            {
                "object": line,
                "figures": [(words, _figure(line, name)) for name, words in FIGURES.items()],
                "table": table(
                    EARMARKS, earmarks, address=lambda earmark: earmark.contract.get_absolute_url()
                ),
                "funds": earmarks,
                "changes": paginate(line.changes.select_related("line"), request, "changes_before"),
            }
        )


#: The columns of an entry before its amount.
ENTRIES = (
    Column(gettext_lazy("摘要"), "note"),
    Column(gettext_lazy("时间"), lambda row: format_html('<span class="nowrap">{}</span>', moment(row.at))),
    Column(gettext_lazy("出"), lambda row: row.get_credit_display()),
    Column(gettext_lazy("入"), lambda row: row.get_debit_display()),
)


class Ledger(ListPage):
    """The entries of a line, contract, purchase, document or account, and their total (CNY)."""

    access = access_to(BudgetLine)
    template = "contracts/budgets/ledger.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        account = request.GET.get("account", "")
        if account and account not in FIGURES:
            raise Http404
        found = visible(ledger.behind(account) if account else LedgerEntry, self.actor)
        shown: dict[str, Any] = {"account": FIGURES.get(account, "")}
        if line := request.GET.get("line", ""):
            shown["line"] = find_visible(BudgetLine, self.actor, pk=_number(line))
            found = found.filter(line=shown["line"])
        if contract := request.GET.get("contract", ""):
            found, shown["contract"] = found.filter(contract__number=contract), contract
        if purpose := request.GET.get("purpose", ""):
            found, shown["purpose"] = found.filter(purpose=purpose), purpose
        if change := request.GET.get("change", ""):
            shown["change"] = find_visible(BudgetChange, self.actor, pk=_number(change))
            found = found.filter(change=shown["change"])
        if account:
            narrowed = shown.keys() & {"contract", "purpose", "change"}
            shown["total"] = ledger.total(found) if narrowed else self._of_lines(account, shown.get("line"))
        return self.show_list(found.select_related("contract", "change"), **shown)

    def _of_lines(self, account: str, line: BudgetLine | None) -> Decimal:
        """What the account of a line, or of all lines that the reader sees, comes to (CNY). It is a column of the
        line: summing would read all entries.
        """
        lines = visible(BudgetLine, self.actor)
        if line is not None:
            lines = lines.filter(pk=line.pk)
        total: Decimal = lines.aggregate(total=Sum(account, default=Decimal("0")))["total"]
        return total

    @property
    def columns(self) -> Sequence[Column]:
        """Amounts have a sign where one account is shown."""
        amount = "signed" if self.request.GET.get("account") else "amount"
        return *ENTRIES, Column(gettext_lazy("金额（元）"), lambda row: money(getattr(row, amount)), "money")

    def address_of(self, row: LedgerEntry) -> str:
        """The page of the document or contract behind an entry; empty if there is none."""
        owner = row.change or row.contract
        return owner.get_absolute_url() if owner else ""


def _number(text: str) -> int:
    """A key out of the address; 404 for anything else."""
    found = whole_number(text)
    if found is None:
        raise Http404
    return found


#: The columns of a plan for the year's end: where the money of each contract goes.
CLOSING = (
    Column(gettext_lazy("合同"), itemgetter("title")),
    Column(gettext_lazy("预留"), itemgetter("reserved"), "money"),
    Column(gettext_lazy("预留的去向"), lambda row: Account(row["reserved_goes"]).label),
    Column(gettext_lazy("留在本年待付"), itemgetter("keeps"), "money"),
    Column(gettext_lazy("结转下年继续履行"), itemgetter("carried"), "money"),
)


class ShowBudgetChange(Page):
    """One budget document: what it changes, and for a year's end where all money goes."""

    access = access_to(BudgetChange)
    template = "contracts/budgets/budget_change.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        change = find_visible(BudgetChange, self.actor, pk=pk)
        rows = in_order(change.plan.get("contracts", []), request)
        return self.render(
            {
                "object": change,
                "chip": chip_of(BudgetChange, change.status),
                "table": table(CLOSING, rows, address=lambda row: reverse("contract", args=[row["number"]])),
                "rows": rows,
                "planned": [
                    (row["purpose"], row["amount"], Account(row["goes"]).label)
                    for row in change.plan.get("planned", [])
                ],
                "free_goes": Account(change.plan["free_goes"]).label if change.plan else "",
                "transitions": change.transitions_for(self.actor),
                "timeline": timeline.entries_of([change]),
            }
        )
