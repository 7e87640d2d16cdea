"""What becomes of the rows of a list, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.wording import labelled
from organizations.bodies import committees
from organizations.city_lists.columns import kept, label_of, said, value_of
from organizations.city_lists.kinds import CityListKind, Outcome
from organizations.places.models import Place, PlaceKind

#: The columns whose cells name a place by its name or its code.
NAMES_A_PLACE = ("parent", "zone", "town")


class Telling:
    """The rows of a list (``CityList.rows``) of one kind, whose outcomes are told."""

    def __init__(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.kind = kind
        self.cells: dict[int, Mapping[str, str]] = {row["n"]: row["cells"] for row in rows}
        self._places: dict[str, str] = {}
        named = {
            typed.code(text)
            for cells in self.cells.values()
            for text in map(cells.get, NAMES_A_PLACE)
            if text
        }
        if any(map(str.isdigit, named)):
            self._places |= Place.objects.in_use().values_list("code", "name")
            if kind == CityListKind.PLACES:
                self._places |= {
                    typed.code(cells.get("code", "")): cells.get("name", "") for cells in self.cells.values()
                }

    def lines_of(self, row: Mapping[str, Any]) -> list[str]:
        """What becomes of a row (``CityList.shown``), line by line."""
        lines = self._of_a_new_one(row) if row["outcome"] == Outcome.NEW else self._changes(row["changes"])
        return lines + [
            _BESIDE[kind]() % {"before": before, "after": after} for kind, before, after in _beside(row)
        ]

    def _of_a_new_one(self, row: Mapping[str, Any]) -> list[str]:
        """What is kept of the cells of a row besides its name, and what is made or stands beside it."""
        lines, cells = [], self.cells.get(row["n"], {})
        if formerly := row["formerly"]:
            lines.append(_("代码和已停用的“%(name)s”一样，会另录一个。") % {"name": formerly})
        lines += [
            labelled(label_of(self.kind, name), self._kept(name, text))
            for name, text in cells.items()
            if name != "name"
        ]
        of_places = self.kind == CityListKind.PLACES
        if of_places and value_of(self.kind, "kind", cells.get("kind", "")) == PlaceKind.VILLAGE:
            committee = committees.name_of(Place(name=row["title"]))
            lines.append(_("同时设立“%(name)s”，村协管员和网格员属于它。") % {"name": committee})
        return lines

    def _kept(self, name: str, text: str) -> str:
        """What is kept of a cell; of a place that is named by its code, the name."""
        if name in NAMES_A_PLACE:
            code = typed.code(text)
            return self._places.get(code) or self._places.get(code.removesuffix("000"), "") or text
        return kept(self.kind, name, text)

    def _changes(self, changes: list[list[str]]) -> list[str]:
        """What changes: the column, what was there, and what is there then."""
        told = (
            (name, said(self.kind, name, before), said(self.kind, name, after))
            for name, before, after in changes
        )
        return [
            labelled(label_of(self.kind, name), f"{before} → {after}" if before else after)
            for name, before, after in told
        ]


#: What else becomes of a place that is renamed: what follows it, and what keeps its name.
_BESIDE = {
    "follows": lambda: _("“%(before)s”跟着改称“%(after)s”。"),
    "stays": lambda: _("“%(before)s”的名称不会跟着改，要改的请到它的页面办理。"),
}


def _beside(row: Mapping[str, Any]) -> list[list[str]]:
    found: list[list[str]] = row.get("beside", [])
    return found
