"""Pages about budgets: where the money of each line stands, and the entries behind each figure."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import ledger
from contracts.lifecycle import BudgetChangeStatus
from contracts.models import BudgetChange, BudgetLine, LedgerEntry
from contracts.models.budget import Account
from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible, visible
from foundation.pages.chips import chip_of
from foundation.pages.paging import leaf
from foundation.pages.tables import Line, table
from foundation.roles import Role
from foundation.typed import whole_number
from foundation.wording import moment, money

MONEY = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)

#: The figures of a line, as they are shown.
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


class Budgets(Page):
    """Every budget line and where its money stands; what waits for a second person."""

    access = access(GET=MONEY)
    template = "contracts/budgets.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = BudgetLine.objects.visible_to(self.actor).exclude(amount=0).select_related("body")
        page = leaf(lines, request)
        waiting = BudgetChange.objects.visible_to(self.actor).filter(status=BudgetChangeStatus.PROPOSED)
        return self.show(
            {
                "page": page,
                "table": table(
                    (_("资金来源"), _("责任部门"), *FIGURES.values()),
                    (
                        Line(
                            each.get_absolute_url(),
                            each,
                            (each.body, *(_figure(each, name) for name in FIGURES)),
                        )
                        for each in page
                    ),
                    sums=range(2, 2 + len(FIGURES)),
                ),
                "waiting": waiting.select_related("line"),
                "is_finance": self.actor.role == Role.FINANCE,
            }
        )


def _figure(line: BudgetLine, name: str) -> SafeString:
    """A figure that opens its entries."""
    address = f"{reverse('ledger')}?line={line.pk}&account={name}"
    return format_html('<a href="{}">{}</a>', address, money(getattr(line, name)))


class ShowBudget(Page):
    """One line: its figures, the contracts that it funds, and the documents behind it."""

    access = access(GET=MONEY)
    template = "contracts/budget.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        line = find_visible(BudgetLine, self.actor, pk=pk)
        earmarks = line.earmarks.select_related("contract__provider__organization")
        return self.show(
            {
                "object": line,
                "figures": [(words, _figure(line, name)) for name, words in FIGURES.items()],
                "table": table(
                    (_("合同"), _("承接主体"), _("预留"), _("已签约"), _("已支付")),
                    (
                        Line(
                            each.contract.get_absolute_url(),
                            each.contract.title,
                            (
                                each.contract.provider,
                                money(each.reserved),
                                money(each.committed),
                                money(each.spent),
                            ),
                        )
                        for each in earmarks
                    ),
                    sums=(2, 3, 4),
                ),
                "funds": earmarks,
                "changes": line.changes.select_related("line"),
            }
        )


class Ledger(Page):
    """The entries of a line, a contract, a document or an account, and what they come to."""

    access = access(GET=MONEY)
    template = "contracts/ledger.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        account = request.GET.get("account", "")
        if account and account not in FIGURES:
            raise Http404
        found = ledger.behind(account) if account else LedgerEntry.objects.all()
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
            shown["total"] = ledger.total(found)
        page = leaf(visible(found, self.actor).select_related("contract", "change"), request)
        return self.show({**shown, "page": page, "table": entries(page, signed=bool(account))})


def _number(text: str) -> int:
    found = whole_number(text)
    if found is None:
        raise Http404
    return found


def entries(found: Any, *, signed: bool) -> SafeString:
    """Entries as a table; with their sign where they are those of one account."""
    return table(
        (_("摘要"), _("时间"), _("出"), _("入"), _("金额（元）")),
        (
            Line(
                _behind(each),
                each.note,
                (
                    format_html('<span class="nowrap">{}</span>', moment(each.at)),
                    each.get_credit_display(),
                    each.get_debit_display(),
                    money(each.signed if signed else each.amount),
                ),
            )
            for each in found
        ),
        sums=(4,),
    )


def _behind(entry: LedgerEntry) -> str:
    owner = entry.change or entry.contract
    return owner.get_absolute_url() if owner else ""


class ShowBudgetChange(Page):
    """One budget document: what it changes, and for a year end what becomes of every yuan."""

    access = access(GET=MONEY)
    template = "contracts/budget_change.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        change = find_visible(BudgetChange, self.actor, pk=pk)
        rows = change.plan.get("contracts", [])
        return self.show(
            {
                "object": change,
                "chip": chip_of(BudgetChange, change.status),
                "table": table(
                    (_("合同"), _("预留"), _("预留的去向"), _("留在本年待付"), _("结转下年继续履行")),
                    (
                        Line(
                            reverse("contract", args=[each["number"]]),
                            each["title"],
                            (
                                each["reserved"],
                                Account(each["reserved_goes"]).label,
                                each["keeps"],
                                each["carried"],
                            ),
                        )
                        for each in rows
                    ),
                    sums=(1, 3, 4),
                ),
                "rows": rows,
                "planned": [
                    (each["purpose"], each["amount"], Account(each["goes"]).label)
                    for each in change.plan.get("planned", [])
                ],
                "free_goes": Account(change.plan["free_goes"]).label if change.plan else "",
                "moves": change.moves_for(self.actor),
                "timeline": timeline.told([change]),
            }
        )
