"""Public pages of charities' funds and goods (S33)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.permissions import ANYONE, access
from foundation.ui.pagination import paginate
from foundation.ui.tables import Column, table
from foundation.ui.tabs import Tab
from foundation.ui.views import Page
from foundation.wording import day, money
from giving import stock
from giving.models import Account, Gift, Pool, StockEntry

#: The figures of a pool whose entries are public.
FIGURES = {
    "received": gettext_lazy("收入"),
    Account.GIVEN.value: gettext_lazy("已发放"),
    Account.LOST.value: gettext_lazy("报损或退回"),
}


class ShowPool(Page):
    """The entries behind a figure of a pool: gifts with donors who agreed to be named, or what was given.

    Recipients are never named.
    """

    access = access(GET=ANYONE)
    template = "portal/pool.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        pool = get_object_or_404(Pool.objects.select_related("provider__organization"), pk=pk)
        account = request.GET.get("account", "received")
        if account not in FIGURES:
            raise Http404
        page = paginate(stock.behind(account).filter(pool=pool), request)
        numbers = [entry.holder for entry in page]
        gifts = {gift.number: gift for gift in Gift.objects.filter(number__in=numbers)}
        columns = (
            Column(_("摘要"), lambda row: _words(row, gifts.get(row.holder))),
            Column(_("日期"), lambda row: day(row.at)),
            Column(_("数量"), lambda row: money(row.signed), "money"),
        )
        shown = table(columns, page)
        accounts = [
            Tab(f"?account={name}", f"{words} {money(getattr(pool, name))}", name == account)
            for name, words in FIGURES.items()
        ]
        return self.render({"pool": pool, "accounts": accounts, "page": page, "table": shown})


def _words(entry: StockEntry, gift: Gift | None) -> str:
    """A gift by its donor, any other entry by its account."""
    if gift is not None:
        return f"{gift.public_donor} {gift.wish}".strip()
    inside = entry.debit if entry.debit != Account.AVAILABLE else entry.credit
    return str(Account(inside).label)
