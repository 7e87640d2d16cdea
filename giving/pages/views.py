"""Pages about what charities have received and given."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible
from foundation.pages.chips import chip_of
from foundation.pages.paging import leaf
from foundation.pages.tables import Line, table
from foundation.roles import Role
from foundation.wording import moment, money
from giving import stock
from giving.lifecycle import PoolStatus
from giving.models import INSIDE, ZERO, Gift, Pool, StockEntry

READERS = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR, Role.COORDINATOR)

#: The figures of a pool, as they are shown.
FIGURES = {"received": gettext_lazy("收入"), **{each.value: each.label for each in INSIDE}}


class Pools(Page):
    """Every fund and store, and where its units stand."""

    access = access(GET=READERS)
    template = "giving/pools.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Pool.objects.visible_to(self.actor).select_related("provider__organization")
        page = leaf(found, request)
        shown = table(
            (_("资金或物资库"), _("慈善组织"), _("单位"), *FIGURES.values(), _("状态")),
            (
                Line(
                    each.get_absolute_url(),
                    each,
                    (
                        each.provider,
                        each.unit,
                        *(_figure(each, name) for name in FIGURES),
                        chip_of(Pool, each.status),
                    ),
                )
                for each in page
            ),
            sums=range(3, 3 + len(FIGURES)),
        )
        return self.show({"page": page, "table": shown, "may_set_up": self.actor.role == Role.COORDINATOR})


def _figure(pool: Pool, name: str) -> SafeString:
    """A figure that opens its entries."""
    address = f"{reverse('pool-entries', args=[pool.pk])}?account={name}"
    return format_html('<a href="{}">{}</a>', address, money(getattr(pool, name)))


class ShowPool(Page):
    """One fund or store: figures, gifts, what it is given for."""

    access = access(GET=READERS)
    template = "giving/pool.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        pool = find_visible(Pool, self.actor, pk=pk)
        return self.show(
            {
                "object": pool,
                "figures": [(words, _figure(pool, name)) for name, words in FIGURES.items()],
                "worth": pool.worth(pool.available + pool.reserved),
                "backings": pool.backings.select_related("offer__item"),
                "gifts": pool.gifts.all()[:50],
                "may_receive": self.actor.role == Role.COORDINATOR and pool.status == PoolStatus.OPEN,
                "moves": pool.moves_for(self.actor),
                "timeline": timeline.told([pool]),
            }
        )


class Entries(Page):
    """The entries of a pool, or of one of its figures."""

    access = access(GET=READERS)
    template = "giving/entries.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        pool = find_visible(Pool, self.actor, pk=pk)
        account = request.GET.get("account", "")
        if account and account not in FIGURES:
            raise Http404
        found = stock.behind(account) if account else StockEntry.objects.all()
        found = found.filter(pool=pool)
        total: Any = found.aggregate(sum=Sum("signed"))["sum"] or ZERO if account else None
        page = leaf(found, request)
        shown = table(
            (_("摘要"), _("时间"), _("出"), _("入"), _("数量")),
            (
                Line(
                    "",
                    each.note,
                    (
                        moment(each.at),
                        each.get_credit_display(),
                        each.get_debit_display(),
                        money(each.signed if account else each.units),
                    ),
                )
                for each in page
            ),
            sums=(4,),
        )
        words = FIGURES.get(account, "")
        return self.show({"object": pool, "account": words, "total": total, "page": page, "table": shown})


class ShowGift(Page):
    """One gift, with its receipt."""

    access = access(GET=READERS)
    template = "giving/gift.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        gift = find_visible(Gift, self.actor, number=number)
        return self.show(
            {
                "object": gift,
                "worth": gift.pool.worth(gift.units),
                "moves": gift.moves_for(self.actor),
                "timeline": timeline.told([gift]),
            }
        )
