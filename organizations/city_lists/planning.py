"""What becomes of the rows of a list: what they say, compared with what is there, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.roles import Actor
from foundation.sheets.faults import Fault
from foundation.wording import labelled
from organizations.city_lists.columns import COLUMNS, fields_of, label_of
from organizations.city_lists.kinds import Outcome


@dataclass
class Row:
    """One row: its number in the file, what its cells say by the name of the column, and what becomes of it.

    An empty cell says nothing (``values`` has None or ""): what is there stays. ``formerly`` is the name of the closed
    place whose code a new one takes. ``changes`` are plain values, in no language: days as ISO dates, hours as they are
    stored. ``beside`` are the bodies that bear the name of a place that is renamed: those that follow ("follows") and those
    that do not ("stays"), with their names before and then.
    """

    number: int
    values: dict[str, Any]
    title: str = ""
    formerly: str = ""
    outcome: Outcome = Outcome.UNCHANGED
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    beside: list[tuple[str, str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def shown(self) -> dict[str, Any]:
        """It as ``CityList.shown`` keeps it."""
        return {
            "n": self.number,
            "title": self.title,
            "formerly": self.formerly,
            "outcome": self.outcome.value,
            "changes": [list(change) for change in self.changes],
            "beside": [list(one) for one in self.beside],
        }


class Plan:
    """The rows of a list, read and compared; ``faults`` keeps all of them from being entered."""

    kind: ClassVar[str]

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.faults: list[Fault] = []
        self.wrong: set[int] = set()
        self.fields = fields_of(self.kind)
        self.rows = [self._read(row["n"], row["cells"]) for row in rows]
        self.compare()

    def compare(self) -> None:
        """Compare the rows with what is there, which is read by as many statements for one as for all."""
        raise TypeError(f"{type(self).__name__} compares nothing")

    def carry_out(self, by: Actor) -> None:
        """Enter what is new and change what differs, by as many statements for one row as for all."""
        raise TypeError(f"{type(self).__name__} enters nothing")

    def fault(self, row: Row, words: str) -> None:
        """Note what is wrong with a row."""
        self._note(row.number, words)

    def _note(self, number: int, words: str) -> None:
        self.wrong.add(number)
        self.faults.append(Fault(number, words))

    def _read(self, number: int, cells: Mapping[str, str]) -> Row:
        """The values of a row; cells that cannot be read are faults."""
        values: dict[str, Any] = {}
        for column in COLUMNS[self.kind]:
            try:
                values[column.name] = self.fields[column.name].clean(cells.get(column.name, ""))
            except forms.ValidationError as fault:
                words = labelled(label_of(self.kind, column.name), " ".join(map(str, fault.messages)))
                self._note(number, words)
        return Row(number, values)

    def named(self, text: str, among: Mapping[str, list[Any]], row: Row, called: str) -> Any:
        """What a cell names by its name or code, if it is one; else None, and a fault of the row."""
        found = among.get(typed.compared(text), [])
        if len(found) == 1:
            return found[0]
        words = _("%(called)s“%(text)s”有几个，请写代码。") if found else _("没有叫“%(text)s”的%(called)s。")
        self.fault(row, words % {"called": called, "text": text[:30]})
        return None
