"""The difference between two editions: added, removed, changed field by field."""

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
    """One field before and after, in words; ``percent`` for prices only."""

    name: str
    label: str
    before: str
    after: str
    percent: Decimal | None = None


@dataclass(frozen=True)
class ItemChange:
    """One item before and after; one of both is None where it came or went."""

    code: str
    name: str
    old: Item | None
    new: Item | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def price(self) -> FieldChange | None:
        """The change of the guide price's upper end, if it moved."""
        return next((field for field in self.fields if field.name == "price_high"), None)


@dataclass(frozen=True)
class Difference:
    """What ``newer`` changes against ``older`` (None: against nothing)."""

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
        return [each.code for each in (*self.removed, *self.changed)]

    @property
    def prices(self) -> tuple[ItemChange, ...]:
        """The changed items whose price moved."""
        return tuple(each for each in self.changed if any(f.name in PRICES for f in each.fields))

    def as_json(self) -> dict[str, Any]:
        """The difference as plain values; prices and percents are texts."""
        return {
            "older": _edition(self.older),
            "newer": _edition(self.newer),
            "added": [{"code": each.code, "name": each.name} for each in self.added],
            "removed": [{"code": each.code, "name": each.name} for each in self.removed],
            "changed": [
                {"code": each.code, "name": each.name, "fields": [_field(change) for change in each.fields]}
                for each in self.changed
            ],
            "headings": [_field(change) for change in self.headings],
            "unchanged": self.unchanged,
        }


def compare(older: Edition | None, newer: Edition) -> Difference:
    """What changed between two editions, in five queries."""
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

    ``places`` are the names of towns and streets by code.
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
    """The change in percent of what was before, one decimal."""
    return ((after - before) * 100 / before).quantize(Decimal("0.1"))


def _items(edition: Edition | None) -> dict[str, Item]:
    found = edition.items.select_related("body").defer("search") if edition else ()
    return {each.code: each for each in found}


def _headings(older: Edition | None, newer: Edition) -> tuple[FieldChange, ...]:
    before = {each.code: each for each in (older.headings.all() if older else ())}
    after = {each.code: each for each in newer.headings.all()}

    def names(heading: Heading | None) -> str:
        return " ".join(filter(None, (heading.name, heading.name_en))) if heading else ""

    return tuple(
        FieldChange(code, code, names(before.get(code)), names(after.get(code)))
        for code in sorted(before.keys() | after.keys())
        if names(before.get(code)) != names(after.get(code))
    )


def _edition(edition: Edition | None) -> dict[str, Any] | None:
    if edition is None:
        return None
    return {
        "id": edition.pk,
        "title": edition.title,
        "document_number": edition.document_number,
        "in_force_from": edition.in_force_from,
    }


def _field(change: FieldChange) -> dict[str, Any]:
    shown = {"name": change.name, "label": change.label, "before": change.before, "after": change.after}
    return shown if change.percent is None else shown | {"percent": str(change.percent)}
