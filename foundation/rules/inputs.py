"""Form fields for the parts of rules: what people type and programs send, read as the value that the rule stores."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.rules import placeholders
from foundation.rules.fields import Field

#: What stands between the items of a list, and between the two codes of a pair.
BETWEEN, PAIRED = re.compile("[、,\uff0c;\uff1b\n]"), re.compile(r"[+\uff0b&]")

#: The longest text that is read of one part.
LONGEST = 2000


def input_for(part: Field) -> forms.Field:
    """The form field of a part, with its unit and limits beside it."""
    label = part.label
    if part.unit == "yes_no":
        return ChosenField(part, label=label, choices=[("1", _("是")), ("0", _("否"))])
    if part.unit == "one":
        return ChosenField(part, label=label, choices=list(part.choices().items()))
    if part.unit == "several":
        return SeveralField(part, label=label, choices=list(part.choices().items()))
    return PartField(part, label=label)


class _Read:
    """What all of them share: the part, and its own word about a value."""

    part: Field

    def checked(self, value: Any) -> Any:
        """The value; raises ``ValidationError`` for one that the part refuses."""
        if fault := self.part.fault(value):
            raise forms.ValidationError(fault)
        return value


class ChosenField(_Read, forms.ChoiceField):
    """One of the choices of a part, or yes or no."""

    def __init__(self, part: Field, **kwargs: Any) -> None:
        self.part = part
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(str(int(value)) if isinstance(value, bool | int) else value)
        return self.checked(int(text) if self.part.unit == "yes_no" else text)


class SeveralField(_Read, forms.MultipleChoiceField):
    """Several of the choices of a part."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, part: Field, **kwargs: Any) -> None:
        self.part = part
        super().__init__(required=part.least > 0, **kwargs)

    def clean(self, value: Any) -> Any:
        if not isinstance(value, list | tuple):  # nothing chosen is an empty list, and nothing else is
            raise forms.ValidationError(_("请写成一个列表。"))
        found = super().clean(value)
        chosen = [word for word in self.part.choices() if word in found]
        return self.checked(chosen)


class PartField(_Read, forms.CharField):
    """A number with its unit, a text, or a list, as one line or (pairs, words, wordings) in several."""

    #: Lists may come one item a line.
    as_typed = staticmethod(typed.prose)

    def __init__(self, part: Field, **kwargs: Any) -> None:
        self.part = part
        lines = part.unit in ("pairs", "words")
        number = part.number and not part.longest
        attrs: Mapping[str, Any] = {"inputmode": "decimal", "class": "money"} if number else {}
        rows = {"rows": 5 if lines else 3}
        area = lines or part.unit == "wording"
        widget = forms.Textarea(attrs=rows) if area else forms.TextInput(attrs=dict(attrs))
        super().__init__(
            widget=widget,
            max_length=LONGEST,
            required=part.number or part.least > 0,
            help_text=_help(part),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """The stored value as people write it."""
        if not isinstance(value, list):
            return value
        if self.part.unit == "pairs":
            names = self.part.choices()
            return "\n".join(
                " + ".join(str(names.get(code, code)) for code in pair)
                if isinstance(pair, list)
                else str(pair)
                for pair in value
            )
        return ("\n" if self.part.unit == "words" else "、").join(map(str, value))

    def clean(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, str):
            text = super().clean(value)
            return self.checked(self._read(text))
        return self.checked(value)  # a program sends the value itself

    def _read(self, text: str) -> Any:
        """The value that a text writes; raises ``ValidationError`` for what cannot be read."""
        if self.part.number and not self.part.longest:
            return self._number(text)
        items = [item.strip() for item in BETWEEN.split(text) if item.strip()]
        if self.part.longest:
            return [self._number(item) for item in items]
        if self.part.unit == "pairs":
            codes = {typed.compared(str(name)): code for code, name in self.part.choices().items()}
            read = [[code.strip() for code in PAIRED.split(typed.folded(item))] for item in items]
            return [[codes.get(typed.compared(code), code) for code in pair] for pair in read]
        if self.part.unit == "words":
            return [typed.line(item) for item in items]
        if self.part.unit == "wording":
            text = text.replace("\uff5b", "{").replace("\uff5d", "}")
        return typed.code(text) if self.part.unit == "capitals" else typed.line(text)

    def _number(self, text: str) -> int | float:
        """A number, with or without its unit."""
        bare = typed.folded(text).removesuffix(typed.folded(self.part.unit_words)).strip()
        found = typed.amount(bare) if self.part.unit == "cny" else typed.number(bare)
        if found is None:
            raise forms.ValidationError(_("“%(text)s”不是数，请只写数字。") % {"text": text[:20]})
        return int(found) if found == found.to_integral_value() else float(Decimal(found))


def _help(part: Field) -> str:
    """The unit and the limits of a number, or how a list is written."""
    if part.longest:
        given = {"limits": part.limits, "most": part.longest}
        return _("每个 %(limits)s，最多 %(most)s 个，中间用顿号。") % given
    if part.number:
        return part.limits
    if part.unit == "pairs":
        return _("一行一对，例如 %(pair)s。") % {"pair": part.example_of_a_pair}
    if part.unit == "words":
        return _("一行一个。")
    if part.unit == "capitals":
        return _("大写字母和数字，第一个是字母，最多 %(most)s 个。") % {"most": int(part.most)}
    if part.unit == "wording" and part.places:
        given = {"names": placeholders.said(part.places), "most": int(part.most)}
        return _("最多 %(most)s 个字。发出时填入：%(names)s。") % given
    return ""
