"""The heads of the columns of a sheet: how people call each, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.forms.typed import compared
from foundation.sheets import notes, reading
from foundation.sheets.cells import Cell, Sheet, letter
from foundation.sheets.unpacked import Unreadable
from foundation.wording import aside, listed

#: Columns that a row must name to be taken for the heads, though others are missing.
FEWEST = 2


@dataclass(frozen=True)
class Heads:
    """How each column may be called (the first is how we call it), and which are ``needed`` to read a row."""

    called: Mapping[str, Sequence[str]]
    needed: Sequence[str]

    def among(self, texts: Sequence[str]) -> bool:
        """Whether a row names the columns that are needed."""
        return set(self.needed) <= self._named_by(texts).keys()

    def unknown(self, heads: Sequence[str]) -> list[str]:
        """The heads that name none of the columns."""
        words = {compared(word) for called in self.called.values() for word in called}
        return [head for head in heads if head and compared(head) not in words]

    def asked(self) -> str:
        """The columns as we call them."""
        return listed(words[0] for words in self.called.values())

    def read(self, file: Any) -> tuple[Sheet, dict[str, int]]:
        """The sheet of an uploaded file and its columns.

        Raises ``Unreadable``, also where no row names them, where two columns are the same, and where one is hidden.
        """
        nearest: set[str] = set()

        def are_heads(texts: Sequence[str]) -> bool:
            nonlocal nearest
            nearest = max(nearest, set(self._named_by(texts)), key=len)
            return self.among(texts)

        sheet = reading.read(file.read(), file.kind, are_heads)
        if sheet is None:
            raise Unreadable(self._without(nearest))
        columns = self._named_by(sheet.heads)
        if doubled := next((numbers for numbers in columns.values() if len(numbers) > 1), None):
            words = _("这些列是同一项：%(columns)s。请只留一列。")
            raise Unreadable(
                words % {"columns": listed(aside(sheet.heads[number], letter(number)) for number in doubled)}
            )
        if hidden := [
            aside(sheet.heads[number], letter(number))
            for (number,) in columns.values()
            if number in sheet.hidden
        ]:
            words = _("这些列在表格里是隐藏的：%(columns)s。请取消隐藏后再传。")
            raise Unreadable(words % {"columns": listed(hidden)})
        return sheet, {name: number for name, (number,) in columns.items()}

    def _without(self, nearest: Collection[str]) -> str:
        """That there are no heads, or which columns are missing in the row that names most of them."""
        lacking = [self.called[name][0] for name in self.needed if name not in nearest]
        if len(nearest) < FEWEST:
            return _("没有找到表头。第一行应有：%(heads)s。") % {"heads": self.asked()}
        return _("表头里缺这些列：%(heads)s。请补上这些列再传。") % {"heads": listed(lacking)}

    def faults_within(self, cells: Mapping[str, Cell]) -> list[str]:
        """What is wrong with the cells of a row, each with the column as we call it. Of such a cell nothing else is
        told.
        """
        return [f"{self.called[name][0]} {cell.fault}" for name, cell in cells.items() if cell.fault]

    def notes_on(self, sheet: Sheet) -> list[notes.Note]:
        """What of the file was not read: other sheets, and columns that none of the heads names."""
        unknown = self.unknown(sheet.heads)
        return [*sheet.notes, *([("unknown", unknown)] if unknown else [])]

    def _named_by(self, heads: Sequence[str]) -> dict[str, list[int]]:
        """The columns (0 is A) of each that a row names; more than one where it is named twice."""
        names = {compared(word): name for name, words in self.called.items() for word in words}
        found: dict[str, list[int]] = {}
        for number, head in enumerate(heads):
            if name := names.get(compared(head)):
                found.setdefault(name, []).append(number)
        return found
