"""Fields that read words of a closed list, as spreadsheets and people write them.

A page sends the value of a choice, a spreadsheet its label in either language; a list may
come as a list or as one text with 、 between. The same form checks both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.forms import typed
from foundation.wording import listed

Choices = Iterable[tuple[Any, Any]]

#: Words that are told of a list as a whole at most, and of a longer one.
MOST_TOLD, FEW = 16, 8


def folded(text: str) -> str:
    """The text in the form in which words are compared."""
    return typed.compared(text)


def spellings(choices: Choices) -> dict[str, str]:
    """The value of each choice by all its spellings: the value and the label in both languages."""
    known: dict[str, str] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            known |= {folded(str(label)): str(value) for value, label in choices if value != ""}
    return known | {folded(str(value)): str(value) for value, _label in choices if value != ""}


class _Worded:
    """What both fields share: choices, and the value of a word."""

    choices: Any
    #: Spellings, set by callers that check many rows with the same choices.
    known: dict[str, str] | None = None
    #: Further words for a choice, by the word.
    others: Mapping[str, str] = MappingProxyType({})

    @cached_property
    def _spellings(self) -> dict[str, str]:
        if self.known is not None:
            return self.known
        return {folded(word): str(value) for word, value in self.others.items()} | spellings(self.choices)

    def _value(self, word: str) -> str:
        """The value of a word; raises ``ValidationError`` for a word that is not in the list."""
        found = self._spellings.get(folded(word))
        if found is None:
            every = [*(str(label) for value, label in self.choices if value != ""), *self.others]
            whole = len(every) <= MOST_TOLD
            raise forms.ValidationError(
                _("“%(word)s”不在列表中。可以填：%(words)s。")
                if whole
                else _("“%(word)s”不在列表中。可以填：%(words)s 等。"),
                params={"word": word[:40], "words": listed(every if whole else every[:FEW])},
            )
        return found


class WordField(_Worded, forms.ChoiceField):
    """One of a closed list, by its value, its label, or one of ``others``."""

    def __init__(self, *, others: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.others = others or {}

    def to_python(self, value: Any) -> str:
        text = str(value).strip() if value not in self.empty_values else ""
        return self._value(text) if text else ""

    def validate(self, value: str) -> None:
        """Only whether it is there; words outside the list are refused by ``to_python``."""
        forms.Field.validate(self, value)


class WordListField(_Worded, forms.MultipleChoiceField):
    """Several of a closed list, in the order of the list."""

    #: Several words may come in one text, one a line.
    as_typed = staticmethod(typed.prose)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[str]:
        if value in self.empty_values:
            return []
        words = value if isinstance(value, list | tuple) else [value]
        words = [part for word in words for part in re.split("[、,\uff0c;\uff1b\n]", str(word))]
        found = {self._value(word.strip()) for word in words if word.strip()}
        return [str(choice) for choice, _label in self.choices if str(choice) in found]

    def validate(self, value: list[str]) -> None:
        """Only whether something is there; words outside the list are refused by ``to_python``."""
        forms.Field.validate(self, value)
