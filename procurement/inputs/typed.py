"""Fields that read what people type: a moment, and criteria line by line."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class MomentField(forms.DateTimeField):
    """A day and a time as people write them: 2026-12-20 9:30, 2026年12月20日9点30分."""

    default_error_messages = {"invalid": _("请按“2026-12-20 09:30”填写日期和时间。")}
    widget = forms.DateTimeInput(format="%Y-%m-%d %H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            text = re.sub(r"[年月./]", "-", value.strip().replace(":", ":"))
            text = re.sub(r"\s*[日号]\s*", " ", text)
            text = re.sub(r"[点时]", ":", text).replace("分", "")
            value = re.sub(r"^(\S+ \d{1,2}):$", r"\1:00", text.replace("T", " ", 1))
        return super().to_python(value)


class CriteriaField(forms.CharField):
    """One criterion a line: name, points, what earns them."""

    LINE = re.compile(
        r"(?P<title>[^,,|]{1,40})[,,|]\s*(?P<points>\d{1,3})\s*分?\s*(?:[,,|:]\s*(?P<rubric>.*))?"
    )
    widget = forms.Textarea(attrs={"rows": 6})

    def clean(self, value: Any) -> list[dict[str, Any]]:
        lines = [each.strip() for each in (super().clean(value) or "").splitlines()]
        found = []
        for number, line in enumerate(filter(None, lines), 1):
            row = self.LINE.fullmatch(line)
            if row is None:
                raise forms.ValidationError(
                    _("第 %(number)s 行看不懂,请写成:名称,分值,评分要点。"),
                    params={"number": number},
                )
            found.append(
                {
                    "title": row["title"].strip(),
                    "points": int(row["points"]),
                    "rubric": (row["rubric"] or "").strip(),
                }
            )
        return found

    @staticmethod
    def written(criteria: list[dict[str, Any]]) -> str:
        """Criteria as one types them."""
        return "\n".join(f"{each['title']},{each['points']},{each['rubric']}" for each in criteria)
