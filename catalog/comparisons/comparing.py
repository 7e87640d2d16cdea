"""The difference between two editions: items added, removed, and changed field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.editions.models import Edition
from catalog.items.fields import FIELDS, place_names
from catalog.items.models import Heading, Item

PRICES = ("price_low", "price_high", "price_ceiling")


@dataclass(frozen=True)
class FieldChange:
    """One field before and after, as text; ``percent`` (one decimal) for prices only."""

    name: str
    label: str
    before: str
    after: str
    percent: Decimal | None = None


@dataclass(frozen=True)
class ItemChange:
    """One item before and after; ``old`` is ``None`` for an added item, ``new`` for a removed one."""

    code: str
    name: str
    old: Item | None
    new: Item | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def price(self) -> FieldChange | None:
        """The change of the guide price's upper end; ``None`` if it is the same."""
        return next((field for field in self.fields if field.name == "price_high"), None)


@dataclass(frozen=True)
class Difference:
    """What ``newer`` changes compared with ``older`` (``None``: compared with an empty edition)."""

    older: Edition | None
    newer: Edition
    added: tuple[ItemChange, ...]
    removed: tuple[ItemChange, ...]
    changed: tuple[ItemChange, ...]
    headings: tuple[FieldChange, ...]
    unchanged: int

    @property
    def touched(self) -> list[str]:
        """The codes of items that were changed or removed."""
        return [change.code for change in (*self.removed, *self.changed)]

    @property
    def prices(self) -> tuple[ItemChange, ...]:
        """The changed items with another price."""
        return tuple(item for item in self.changed if any(field.name in PRICES for field in item.fields))

    def as_json(self) -> dict[str, Any]:
        """The difference as plain values; prices and percents are texts."""
        return {
            "older": _edition(self.older),
            "newer": _edition(self.newer),
            "added": [{"code": item.code, "name": item.name} for item in self.added],
            "removed": [{"code": item.code, "name": item.name} for item in self.removed],
            "changed": [
                {"code": item.code, "name": item.name, "fields": [_field(change) for change in item.fields]}
                for item in self.changed
            ],
            "headings": [_field(change) for change in self.headings],
            "unchanged": self.unchanged,
        }


def compare(older: Edition | None, newer: Edition) -> Difference:
    """The difference between two editions, in five queries."""
    before, after, places = _items(older), _items(newer), place_names()
    both = [code for code in after if code in before]
    pairs = [(before[code], after[code], changed_fields(before[code], after[code], places)) for code in both]
    changed = [(old, new, fields) for old, new, fields in pairs if fields]
    return Difference(
        older=older,
        newer=newer,
        added=tuple(
            ItemChange(code, new.local_name, None, new) for code, new in after.items() if code not in before
        ),
        removed=tuple(
            ItemChange(code, old.local_name, old, None) for code, old in before.items() if code not in after
        ),
        changed=tuple(ItemChange(new.code, new.local_name, old, new, fields) for old, new, fields in changed),
        headings=_headings(older, newer),
        unchanged=len(pairs) - len(changed),
    )


def changed_fields(old: Item, new: Item, places: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """Every field in which two items differ, in the order of the sheet.

    ``places`` holds the names of towns and streets by code.
    """
    found = []
    for field in FIELDS:
        before, after = getattr(old, field.attribute), getattr(new, field.attribute)
        if before != after:
            percent = percent_of(before, after) if field.name in PRICES else None
            words = field.words(old, places), field.words(new, places)
            found.append(FieldChange(field.name, str(field.label), *words, percent))
    return tuple(found)


def percent_of(before: Decimal, after: Decimal) -> Decimal:
    """The change in percent of ``before``, one decimal."""
    return ((after - before) * 100 / before).quantize(Decimal("0.1"))


def _items(edition: Edition | None) -> dict[str, Item]:
    """The items of an edition by code."""
    found = edition.items.select_related("body").defer("search") if edition else ()
    return {item.code: item for item in found}


def _headings(older: Edition | None, newer: Edition) -> tuple[FieldChange, ...]:
    """Headings that were added, removed or renamed."""
    before = {heading.code: heading for heading in (older.headings.all() if older else ())}
    after = {heading.code: heading for heading in newer.headings.all()}

    def names(heading: Heading | None) -> str:
        return " ".join(filter(None, (heading.name, heading.name_en))) if heading else ""

    return tuple(
        FieldChange(code, code, names(before.get(code)), names(after.get(code)))
        for code in sorted(before.keys() | after.keys())
        if names(before.get(code)) != names(after.get(code))
    )


def _edition(edition: Edition | None) -> dict[str, Any] | None:
    """An edition as plain values."""
    if edition is None:
        return None
    return {
        "id": edition.pk,
        "title": edition.title,
        "document_number": edition.document_number,
        "in_force_from": edition.in_force_from,
    }


def _field(change: FieldChange) -> dict[str, Any]:
    """A change as plain values."""
    shown = {"name": change.name, "label": change.label, "before": change.before, "after": change.after}
    return shown if change.percent is None else shown | {"percent": str(change.percent)}
