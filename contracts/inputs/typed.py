"""Fields that read what people type, line by line."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PenaltiesField(forms.CharField):
    """One breach a line: what it is, and what one case costs (CNY)."""

    LINE = re.compile(r"(?P<title>.{1,60}?)[,,|]\s*(?P<amount>\d{1,7}(\.\d{1,2})?)\s*元?")
    widget = forms.Textarea(attrs={"rows": 5})

    def clean(self, value: Any) -> list[dict[str, Any]]:
        lines = [each.strip() for each in (super().clean(value) or "").splitlines()]
        found: list[dict[str, Any]] = []
        for number, line in enumerate(filter(None, lines), 1):
            row = self.LINE.fullmatch(line)
            if row is None or not Decimal(row["amount"]):
                raise forms.ValidationError(
                    _("第 %(number)s 行看不懂,请写成:情形,金额。"), params={"number": number}
                )
            if row["title"] in {each["title"] for each in found}:
                raise forms.ValidationError(
                    _("第 %(number)s 行的情形写了两遍。"), params={"number": number}
                )
            found.append({"title": row["title"], "amount": Decimal(row["amount"])})
        return found

    @staticmethod
    def written(penalties: list[dict[str, Any]]) -> str:
        """Penalties as one types them."""
        return "\n".join(f"{each['title']},{each['amount']}" for each in penalties)
