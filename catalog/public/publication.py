"""What the public reads of the catalog: lists of items with their providers, and open data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.expressions import Window
from django.utils.translation import gettext as _

from catalog.editions.documents import header
from catalog.editions.models import Edition
from catalog.items.item_form import values_of
from catalog.items.models import Item, ItemQuerySet
from catalog.offers.models import Offer
from organizations.providers.models import in_good_standing

#: Items on one page.
PAGE = 50


@dataclass(frozen=True)
class ItemRow:
    """One row of a list of items, by key: how many providers offer it, and how many places are free."""

    item: int
    code: str
    providers: int
    free: int


@dataclass(frozen=True)
class ItemListPage:
    """One page of a list of items; ``count`` is the number of items on all pages."""

    rows: list[ItemRow]
    count: int
    number: int

    @property
    def pages(self) -> int:
        """The number of pages, at least 1."""
        return max(1, -(-self.count // PAGE))

    @property
    def earlier(self) -> int:
        """The number of the page before; 0 for none."""
        return self.number - 1

    @property
    def later(self) -> int:
        """The number of the page after; 0 for none."""
        return self.number + 1 if self.number < self.pages else 0


def in_words(rows: list[ItemRow]) -> list[str]:
    """For each row, how many providers offer the item and how many places are free, in words."""
    nobody, some = _("暂时没有机构提供"), _("%(n)s 家机构提供 · 空位 %(free)s")
    return [some % {"n": r.providers, "free": r.free} if r.providers else nobody for r in rows]


def listed(items: ItemQuerySet, page: int = 1, order: tuple[str, ...] = ("code",)) -> ItemListPage:
    """A page of items with who offers them, in two queries; the first page where there are not so many."""
    found = list(
        items.order_by(*order).values_list("pk", "code", Window(Count("*")))[(page - 1) * PAGE : page * PAGE]
    )
    if not found and page > 1:
        return listed(items, 1, order)
    served = offered([key for key, _code, _count in found])
    return ItemListPage(
        rows=[ItemRow(key, code, *served.get(key, (0, 0))) for key, code, _count in found],
        count=found[0][2] if found else 0,
        number=page,
    )


def offered(items: list[int]) -> dict[int, tuple[int, int]]:
    """For each item (key), how many accredited providers serve it, and their free places."""
    if not items:
        return {}
    served = (
        Offer.objects.serving()
        .filter(in_good_standing(through="provider__"), item__in=items)
        .order_by()
        .values_list("item")
        .annotate(offers=Count("pk"), free_places=Sum(F("places") - F("taken")))
    )
    return {item: (offers, places) for item, offers, places in served}


def in_force_on(day: date) -> ItemQuerySet:
    """The items in force on a day, by code."""
    return Item.objects.in_force_on(day).select_related("body", "edition").defer("search")


def as_json(edition: Edition) -> dict[str, Any]:
    """An edition as open data: notice, headings, items; prices are texts (CNY)."""
    return {
        "edition": {
            "id": edition.pk,
            "title": edition.title,
            "title_en": edition.title_en,
            "issuer": edition.issuer.name,
            "index_number": edition.index_number,
            "document_number": edition.document_number,
            "dated_on": edition.dated_on,
            "published_on": edition.published_on,
            "in_force_from": edition.in_force_from,
            "valid_until": edition.valid_until,
            "disclosure_form": edition.disclosure_form,
            "disclosure_scope": edition.disclosure_scope,
            "status": edition.status,
            "validity": edition.validity,
            "terms": [{"starts": term.starts, "until": term.until} for term in edition.terms.all()],
            "header": header(edition),
            "corrects": edition.corrects_id,
            "correction_reason": edition.correction_reason,
        },
        "headings": list(edition.headings.values("code", "name", "name_en")),
        "items": [values_of(item) for item in edition.items.select_related("body").defer("search")],
    }
