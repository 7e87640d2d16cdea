"""What a process draws once and keeps: a published edition never changes.

The cards of its items and the names of its headings are kept by their keys; what
changes by the hour (who offers an item, free places) is never among them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Generic, TypeVar

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from catalog.models import Edition, Item

Key = TypeVar("Key")
Value = TypeVar("Value")


class Shelf(Generic[Key, Value]):
    """The newest ``most`` values by key."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.values: OrderedDict[Key, Value] = OrderedDict()

    def take(self, key: Key, make: Callable[[], Value]) -> Value:
        """The kept value, made now if there is none."""
        found = self.values.get(key)
        if found is None:
            found = self.values[key] = make()
            if len(self.values) > self.most:
                self.values.popitem(last=False)
        return found


_CARDS: Shelf[tuple[int, str], SafeString] = Shelf(10_000)
_EDITIONS: Shelf[int, Edition] = Shelf(10)
_HEADINGS: Shelf[tuple[int, str], dict[str, str]] = Shelf(100)


def cards(items: Iterable[int]) -> dict[int, SafeString]:
    """The cards of published items by key, in the reader's language; a query only for
    those that are not kept yet.
    """
    language = translation.get_language() or ""
    wanted = list(items)
    missing = [each for each in wanted if (each, language) not in _CARDS.values]
    found = Item.objects.defer("search").in_bulk(missing) if missing else {}

    def draw(key: int) -> SafeString:
        return render_to_string("portal/item_card.html", {"item": found[key]})

    return {key: _CARDS.take((key, language), partial(draw, key)) for key in wanted}


def in_force() -> Edition | None:
    """The edition in force, read once: while it is in force nothing of it changes."""
    key = Edition.objects.in_force().values_list("pk", flat=True).first()
    return _EDITIONS.take(key, lambda: Edition.objects.get(pk=key)) if key else None


def headings(edition: Edition) -> dict[str, str]:
    """The names of a published edition's groups and classes by code."""

    def read() -> dict[str, str]:
        return {each.code: each.local_name for each in edition.headings.all()}

    return _HEADINGS.take((edition.pk, translation.get_language() or ""), read)
