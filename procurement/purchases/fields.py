"""Form fields for a moment, and for criteria typed one on each line."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import days, typed
from foundation.forms.fields import FIRST_YEAR, LAST_YEAR


class MomentField(forms.DateTimeField):
    """A day and a time as people write them: 2026-12-20 9:30, 2026年12月20日9点30分."""

    default_error_messages = {"invalid": _("请按“2026-12-20 09:30”填写日期和时间。")}
    widget = forms.DateTimeInput(format="%Y-%m-%d %H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            value = self._read(value)
        found = super().to_python(value)
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def _read(self, text: str) -> str:
        """The text as ISO 8601; a text without a day is returned unchanged and then refused."""
        try:
            found = days.leading_day(text)
        except ValueError:
            found = None
        return f"{found[0]} {days.hour(found[1])}" if found else text


class CriteriaField(forms.CharField):
    """One criterion on each line: name, points, what earns them."""

    MARKS = typed.COMMAS + typed.BARS
    LINE = re.compile(
        rf"(?P<title>[^{MARKS}]{{1,40}})[{MARKS}](?P<points>[^{MARKS}{typed.COLONS}]*)"
        rf"(?:(?P<mark>[{MARKS}{typed.COLONS}])(?P<rubric>.*))?"
    )
    widget = forms.Textarea(attrs={"rows": 6})
    default_error_messages = {
        "line": _("第 %(number)s 行看不懂，请写成：名称，分值，评分要点。"),
        "doubt": _("第 %(number)s 行的分值分不清到哪里为止，请用“|”隔开：名称 | 分值 | 评分要点。"),
    }

    def clean(self, value: Any) -> list[dict[str, Any]]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        return [self._row(line, number) for number, line in enumerate(filter(None, lines), 1)]

    def _row(self, line: str, number: int) -> dict[str, Any]:
        """The criterion of a line; raises ``ValidationError`` for another shape or doubtful points."""
        row = self.LINE.fullmatch(line)
        points = typed.number(typed.folded(row["points"]).removesuffix("分")) if row else None
        title, rubric = (row["title"].strip(), (row["rubric"] or "").strip()) if row else ("", "")
        whole = points is not None and points == points.to_integral_value() and 0 <= points < 1000
        if row is None or points is None or not title or not whole:
            raise forms.ValidationError(self.error_messages["line"], code="line", params={"number": number})
        if row["mark"] and row["mark"] in typed.COMMAS and _goes_on(rubric):
            raise forms.ValidationError(self.error_messages["doubt"], code="doubt", params={"number": number})
        return {"title": title, "points": int(points), "rubric": rubric}

    @staticmethod
    def written(criteria: list[dict[str, Any]]) -> str:
        """Criteria as text that the field reads again."""
        marks = [" | " if _goes_on(row["rubric"]) else "," for row in criteria]
        return "\n".join(
            f"{row['title']}{mark}{row['points']}{mark}{row['rubric']}"
            for row, mark in zip(criteria, marks, strict=True)
        )


def _goes_on(rubric: str) -> bool:
    """Whether the text after a number may be the rest of it, as in 1,200."""
    plain = typed.folded(rubric)
    return bool(re.match(r"\d{3}(?!\d)", plain)) or typed.number(plain.removesuffix("分")) is not None
