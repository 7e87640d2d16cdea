"""The heads of the columns of a sheet: how people call each, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.forms.typed import compared
from foundation.sheets import reading
from foundation.sheets.cells import Sheet
from foundation.sheets.unpacked import Unreadable
from foundation.wording import listed


@dataclass(frozen=True)
class Heads:
    """How each column may be called (the first is how we call it), and which are ``needed`` to read a row."""

    called: Mapping[str, Sequence[str]]
    needed: Sequence[str]

    def columns_of(self, heads: Sequence[str]) -> dict[str, int]:
        """The column (0 is A) of each that a row names."""
        places = {compared(head): number for number, head in reversed(list(enumerate(heads)))}
        found = {
            name: next((places[word] for word in map(compared, words) if word in places), None)
            for name, words in self.called.items()
        }
        return {name: number for name, number in found.items() if number is not None}

    def among(self, texts: Sequence[str]) -> bool:
        """Whether a row names the columns that are needed."""
        return set(self.needed) <= self.columns_of(texts).keys()

    def unknown(self, heads: Sequence[str]) -> list[str]:
        """The heads that name none of the columns."""
        words = {compared(word) for called in self.called.values() for word in called}
        return [head for head in heads if head and compared(head) not in words]

    def asked(self) -> str:
        """The columns as we call them."""
        return listed(words[0] for words in self.called.values())

    def read(self, file: Any) -> tuple[Sheet, dict[str, int]]:
        """The sheet of an uploaded file and its columns; raises ``Unreadable``, also where no row names them."""
        sheet = reading.read(file.read(), file.kind, self.among)
        if sheet is None:
            raise Unreadable(_("没有找到表头。第一行应有：%(heads)s。") % {"heads": self.asked()})
        return sheet, self.columns_of(sheet.heads)
