"""Pages about charity funds, goods and gifts, and the entries behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from catalog.offers.models import Offer
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order, paginate
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import moment, money
from giving import stock
from giving.models import INSIDE, Gift, Pool, StockEntry
from giving.permissions import keeper

#: The figures of a pool and their labels, in the order shown.
FIGURES = {"received": gettext_lazy("收入"), **{account.value: account.label for account in INSIDE}}


def _figure(pool: Pool, name: str) -> SafeString:
    """A figure as a link to its entries."""
    address = f"{reverse('pool-entries', args=[pool.pk])}?account={name}"
    return format_html('<a href="{}">{}</a>', address, money(getattr(pool, name)))


class Pools(ListPage):
    """Every fund and store of goods with its balances."""

    access = access_to(Pool)
    template = "giving/pools.html"
    columns = (
        Column(gettext_lazy("资金或物资库"), str),
        Column(gettext_lazy("慈善组织"), "provider"),
        Column(gettext_lazy("单位"), "unit"),
        *(Column(words, partial(_figure, name=name), "money") for name, words in FIGURES.items()),
        state_of(Pool),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Pool.objects.visible_to(self.actor).select_related("provider__organization")
        return self.show_list(found)


class ShowPool(Page):
    """One fund or store: its balances, gifts, and the offers that it supplies."""

    access = access_to(Pool)
    template = "giving/pool.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        pool = find_visible(Pool, self.actor, pk=pk)
        return self.render(
            {
                "object": pool,
                "figures": [(words, _figure(pool, name)) for name, words in FIGURES.items()],
                "worth": pool.worth(pool.available + pool.reserved),
                "backings": in_order(pool.backings.select_related("offer__item"), request, "backings_from"),
                "readable_offers": set(
                    visible(Offer, self.actor).filter(backing__pool=pool).values_list("pk", flat=True)
                ),
                "gifts": paginate(pool.gifts.all(), request, "gifts_before"),
                "may_receive": keeper.admits(self.actor, pool) and pool.in_use,
                "transitions": pool.transitions_for(self.actor),
                "timeline": timeline.entries_of([pool]),
            }
        )


#: The columns of an entry before its units.
ENTRIES = (
    Column(gettext_lazy("摘要"), "note"),
    Column(gettext_lazy("时间"), lambda row: moment(row.at)),
    Column(gettext_lazy("出"), lambda row: row.get_credit_display()),
    Column(gettext_lazy("入"), lambda row: row.get_debit_display()),
)


class Entries(ListPage):
    """The entries of a pool, or of one of its accounts."""

    access = access_to(Pool)
    template = "giving/entries.html"
    linked = False

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        pool = find_visible(Pool, self.actor, pk=pk)
        account = request.GET.get("account", "")
        if account and account not in FIGURES:
            raise Http404
        found = stock.behind(account) if account else StockEntry.objects.all()
        found = found.filter(pool=pool)
        # The total is a column of the pool; summing would read all entries.
        total = getattr(pool, account) if account else None
        return self.show_list(found, object=pool, account=FIGURES.get(account, ""), total=total)

    @property
    def columns(self) -> Sequence[Column]:
        """Units have a sign where one account is shown."""
        units = "signed" if self.request.GET.get("account") else "units"
        return *ENTRIES, Column(gettext_lazy("数量"), lambda row: money(getattr(row, units)), "money")


class ShowGift(Page):
    """One gift, with its receipt."""

    access = access_to(Gift)
    template = "giving/gift.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        gift = find_visible(Gift, self.actor, number=number)
        return self.render(
            {
                "object": gift,
                "worth": gift.pool.worth(gift.units),
                "transitions": gift.transitions_for(self.actor),
                "timeline": timeline.entries_of([gift]),
            }
        )
