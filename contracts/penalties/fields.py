"""A form field for penalties, typed one a line."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NoReturn

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import typed
from foundation.forms.fields import MoneyField

#: Reads the price of one case (CNY).
COST = MoneyField(most=Decimal("9999999.99"))


class PenaltiesField(forms.CharField):
    """One breach on each line: what it is, and what one case costs (CNY)."""

    LONGEST = 60
    widget = forms.Textarea(attrs={"rows": 5})
    default_error_messages = {
        "line": _("第 %(number)s 行看不懂，请写成：情形，金额。"),
        "doubt": _("第 %(number)s 行的金额分不清从哪里开始，请用“|”隔开：情形 | 金额。"),
        "twice": _("第 %(number)s 行的情形写了两遍。"),
    }

    def clean(self, value: Any) -> list[dict[str, Any]]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        found: list[dict[str, Any]] = []
        for number, line in enumerate(filter(None, lines), 1):
            row = self._row(line, number)
            if row["title"] in {penalty["title"] for penalty in found}:
                self._refuse("twice", number)
            found.append(row)
        return found

    def _row(self, line: str, number: int) -> dict[str, Any]:
        """Title and amount of a line; the amount is all that follows a comma or bar, as in 1,200元."""
        for mark in re.finditer(f"[{typed.COMMAS}{typed.BARS}]", line):
            title, rest = line[: mark.start()].strip(), line[mark.end() :]
            if typed.amount(rest) is None:
                continue
            if mark[0] in typed.COMMAS and re.search(r"\d$", title) and re.match(r"\d", rest):
                self._refuse("doubt", number)
            try:
                amount = COST.clean(rest)
            except forms.ValidationError:
                break
            if 0 < len(title) <= self.LONGEST:
                return {"title": title, "amount": amount}
        return self._refuse("line", number)

    def _refuse(self, code: str, number: int) -> NoReturn:
        """Raise the error ``code`` for a line by its number."""
        raise forms.ValidationError(self.error_messages[code], code=code, params={"number": number})

    @staticmethod
    def written(penalties: list[dict[str, Any]]) -> str:
        """Penalties as text that the field reads again."""
        return "\n".join(
            f"{penalty['title']}{' | ' if re.search('[0-9]$', penalty['title']) else ','}{penalty['amount']}"
            for penalty in penalties
        )
