"""Rows of days on a page, and the field that reads them, as a program and a file give them too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.forms.fields import ObjectsField
from foundation.holidays.days import MOST, Row, as_rows
from foundation.holidays.vocabulary import FREE, WORKING

#: What a row has.
PARTS = ("first", "last", "kind", "words")

#: Rows of an opened form, more than a year's notice has lines, and empty ones behind those that are filled at least.
OPENED, BEHIND = 18, 6


class DaysWidget(forms.Widget):
    """A row of inputs for each holiday or make-up day, and some empty rows."""

    template_name = "foundation/holidays/days_widget.html"

    def use_required_attribute(self, initial: Any) -> bool:
        """No: empty rows are allowed."""
        return False

    def id_for_label(self, id_: str) -> str:
        """The first input."""
        return f"{id_}_0_first"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """A list (API), or the filled rows of the page."""
        return data[name] if name in data else rows_typed(data, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Never: no rows means no days."""
        return False

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> str:
        """Render with the project's templates, which the forms' own renderer does not find."""
        return render_to_string(template_name, context)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        blank = max(OPENED - len(rows), BEHIND)
        context["widget"]["rows"] = [*map(_shown, rows), *({} for _row in range(blank))]
        return context


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with what its kind is: a make-up day, or a word that is none of both."""
    kind = typed.compared(str(row.get("kind") or ""))
    return {**row, "works": kind in WORKING, "other": kind not in FREE | WORKING}


def rows_typed(data: Mapping[str, Any], name: str) -> list[dict[str, str]]:
    """The rows of a page in which something is written; a kind alone is nothing."""
    rows = []
    for number in range(MOST + OPENED):
        row = {part: str(data.get(f"{name}-{number}-{part}", "")) for part in PARTS}
        if any(row[part].strip() for part in PARTS if part != "kind"):
            rows.append(row)
    return rows


class DaysField(ObjectsField):
    """Rows of days, not read yet."""

    widget = DaysWidget

    def to_python(self, value: Any) -> list[Row]:
        if value in self.empty_values:
            return []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise forms.ValidationError(_("日子应是一个列表。"))
        if len(value) > MOST:
            raise forms.ValidationError(_("最多 %(most)s 行。") % {"most": MOST})
        for row in value:
            self._check_parts(row)
        return as_rows(value)

    def _check_parts(self, row: Mapping[str, Any]) -> None:
        """Raises ``ValidationError`` for a part that is unknown or no text."""
        unknown: Sequence[str] = sorted(set(row) - set(PARTS))
        if unknown:
            raise forms.ValidationError(_("日子没有这些内容：%(names)s。") % {"names": ", ".join(unknown)})
        if not all(isinstance(part, str | None) for part in row.values()):
            raise forms.ValidationError(_("日子的每一部分应是文字。"))
