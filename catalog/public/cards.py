"""The cards of published items and the names of their headings, rendered once and cached.

A published edition never changes, so both stay valid. What changes by the hour (who offers an item, free
places) is not on the cards.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalog.editions.models import Edition
from catalog.items.models import Item


def cards(items: Iterable[int]) -> dict[int, SafeString]:
    """The cards of published items by key, in the reader's language; one query for those not cached."""
    names = {item: f"item-card:{item}:{get_language()}" for item in items}
    cached: dict[str, SafeString] = cache.get_many(names.values())
    missing = [item for item, name in names.items() if name not in cached]
    drawn = {
        names[item.pk]: render_to_string("portal/item_card.html", {"item": item})
        for item in (Item.objects.defer("search").filter(pk__in=missing) if missing else ())
    }
    cache.set_many(drawn, timeout=None)
    found = cached | drawn
    return {item: found[name] for item, name in names.items()}


def headings(edition: Edition) -> dict[str, str]:
    """The names of a published edition's groups and classes by code, in the reader's language."""

    def read() -> dict[str, str]:
        return {heading.code: heading.local_name for heading in edition.headings.all()}

    name = f"headings:{edition.pk}:{get_language()}"
    return cast(dict[str, str], cache.get_or_set(name, read, timeout=None))
