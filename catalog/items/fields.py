"""The fields of an item as people read them: label, text, and the cell of a sheet.

Form, sheet, notice and comparison all use this list, so that no field is missing in one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.items import standards
from catalog.items.models import Item
from foundation.refusals import Words
from foundation.wording import listed
from organizations.places.models import Place

Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class Field:
    """One field: its name in code, and the width of its column in the sheet (characters)."""

    name: str
    width: int = 14

    @property
    def model_field(self) -> Any:
        """The field of the model."""
        return Item._meta.get_field(self.name)

    @property
    def label(self) -> Words:
        """Its label."""
        return self.model_field.verbose_name

    @property
    def attribute(self) -> str:
        """The attribute of the item that holds the plain value."""
        return self.model_field.attname

    @property
    def choices(self) -> list[tuple[str, Words]]:
        """The choices of a closed list; empty for any other field."""
        own = self.model_field.choices
        return list(own or getattr(getattr(self.model_field, "base_field", None), "choices", 0) or ())

    def cell(self, item: Item, places: Mapping[str, str]) -> Cell:
        """The value in the sheet: labels of closed lists, numbers and dates as such.

        ``places`` holds the names of towns and streets by code (``place_names``).
        """
        value = getattr(item, self.name)
        match self.name:
            case "standards":
                return "\n".join(standards.line_of(standard) for standard in value)
            case "body":
                return value.name
            case "places":
                return listed(places.get(code, code) for code in value)
        choices = dict(self.choices)
        if isinstance(value, list):
            return listed(str(choices.get(choice, choice)) for choice in value)
        if choices:
            return str(choices.get(value, value))
        return value

    def words(self, item: Item, places: Mapping[str, str]) -> str:
        """The cell as text."""
        value = self.cell(item, places)
        if isinstance(value, Decimal):
            return f"{value:,.2f}"
        return "" if value is None else str(value)


def place_names() -> dict[str, str]:
    """The names of towns and streets by code."""
    towns = Place.objects.towns()
    return dict(towns.values_list("code", "name"))


FIELDS = (
    Field("code", 9),
    Field("name", 20),
    Field("name_en", 24),
    Field("kind", 9),
    Field("need_kind", 14),
    Field("directory_code"),
    Field("description", 40),
    Field("description_en", 40),
    Field("includes", 30),
    Field("excludes", 30),
    Field("target_groups", 20),
    Field("audience_text", 24),
    Field("audience_en", 24),
    Field("categories", 24),
    Field("age_from", 8),
    Field("age_to", 8),
    Field("disability", 12),
    Field("income_percent", 12),
    Field("residence", 12),
    Field("unit", 9),
    Field("unit_en", 12),
    Field("price_low", 11),
    Field("price_high", 11),
    Field("price_ceiling", 11),
    Field("standards", 46),
    Field("methods", 24),
    Field("funding", 11),
    Field("funding_source", 22),
    Field("body", 16),
    Field("places", 22),
    Field("valid_from", 12),
    Field("valid_until", 12),
)
