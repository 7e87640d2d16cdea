"""Files to be filled in, one for each kind of list."""

from __future__ import annotations

from django.utils import translation

from foundation.sheets.blanks import Asked, blank
from organizations.city_lists.columns import COLUMNS
from organizations.city_lists.kinds import CityListKind


def template_of(kind: str) -> bytes:
    """An XLSX file with the heads alone, and a second sheet with an invented example and what must be filled."""
    with translation.override("zh-hans"):
        columns = [Asked(column.label, column.example, column.needed) for column in COLUMNS[kind]]
        return blank(str(CityListKind(kind).label), columns)
