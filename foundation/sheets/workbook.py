"""Reading a sheet from an XLSX workbook, as Excel shows it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries

from foundation.sheets import number_formats
from foundation.sheets.blanks import is_example
from foundation.sheets.cells import (
    MOST_COLUMNS,
    MOST_ROWS,
    TOP,
    Cell,
    Line,
    Sheet,
    clean,
    plain,
    too_many_rows,
)
from foundation.sheets.notes import Note
from foundation.sheets.unpacked import Unreadable, look_over

#: Cells that are merged, at most.
MOST_MERGED = 200_000


@dataclass
class _Layout:
    """Merged cells, hidden rows and hidden columns of a worksheet."""

    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    def element(self, name: str, given: dict[str, str]) -> None:
        """Handle the start of one XML element of the worksheet."""
        match name.rpartition(" ")[2]:
            case "mergeCell":
                left, top, right, bottom = range_boundaries(given["ref"])
                right, bottom = min(right, MOST_COLUMNS), min(bottom, MOST_ROWS + TOP + 1)
                self.merges.append((left, top, right, bottom))
            case "row" if _hidden(given, "ht") and "r" in given:
                self.rows.add(int(given["r"]))
            case "col" if _hidden(given, "width"):
                last = min(int(given["max"]), MOST_COLUMNS)
                self.columns |= {n - 1 for n in range(int(given["min"]), last + 1)}

    def origins(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The top-left cell (row, column) of every other merged cell; both count from 1."""
        area = sum((r - c + 1) * (b - t + 1) for c, t, r, b in self.merges if r >= c and b >= t)
        if area > MOST_MERGED:
            raise Unreadable(_("合并单元格太多，请取消合并后再传。"))
        return {
            (row, column): (top, left)
            for left, top, right, bottom in self.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }


def _hidden(given: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or has no height or width."""
    return given.get("hidden") in ("1", "true") or given.get(size) in ("0", "0.0")


def _layout_of(part: Any) -> _Layout:
    """The layout of a worksheet, parsed as a stream. Entities are not expanded."""
    found = _Layout()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = found.element
    parser.ParseFile(part)
    return found


class _Reader(ExcelReader):
    """Openpyxl's reader, which can be given the shared strings that another has read."""

    shared: list[str] | None = None

    def read_strings(self) -> None:
        """Read the shared strings, unless they are given."""
        if self.shared is None:
            super().read_strings()
        else:
            self.shared_strings = self.shared


def _opened(content: bytes, *, values: bool, shared: list[str] | None = None) -> ExcelReader:
    """A reader of the workbook: of results (``values``) or of formulas."""
    reader = _Reader(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)
    reader.shared = shared
    reader.read()
    return reader


def read(content: bytes, are_heads: Callable[[Sequence[str]], bool]) -> Sheet | None:
    """The sheet of an XLSX file."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        look_over(parts)
    reader = _opened(content, values=True)
    parts_of = {part.name: relation.target for part, relation in reader.parser.find_sheets()}
    shown = [worksheet for worksheet in reader.wb.worksheets if worksheet.sheet_state == "visible"]
    found = [(page, at) for page in shown if (at := _heads_at(page, are_heads))]
    if not found:
        _require_visible([page for page in reader.wb.worksheets if page not in shown], are_heads)
        return None
    page, at = found[0]
    layout = _layout_of(reader.archive.open(parts_of[page.title]))
    formulas = _opened(content, values=False, shared=reader.shared_strings).wb[page.title]
    heads, lines = _Reading(page, formulas, layout, at).read()
    return Sheet(heads, lines, _notes(reader.wb.worksheets, shown, found), frozenset(layout.columns))


def _require_visible(hidden: Sequence[Any], are_heads: Callable[[Sequence[str]], bool]) -> None:
    """Raise ``Unreadable`` where a hidden sheet has the heads, and no other."""
    for page in hidden:
        if hasattr(page, "iter_rows") and _heads_at(page, are_heads):
            words = _("工作表“%(sheet)s”是隐藏的，没有读。请在表格里取消隐藏后再传。")
            raise Unreadable(words % {"sheet": page.title})


def _heads_at(page: Any, are_heads: Callable[[Sequence[str]], bool]) -> int:
    """The number of the header row; 0 if the sheet has none."""
    page.reset_dimensions()
    for number, row in enumerate(page.iter_rows(max_row=TOP, max_col=MOST_COLUMNS), 1):
        if are_heads([clean(cell.value) for cell in row]):
            return number
    return 0


def _notes(every: Sequence[Any], shown: Sequence[Any], found: Sequence[Any]) -> tuple[Note, ...]:
    """Notes on which sheets were not read, and then which was; the example in a blank of ours is not one of them."""
    others = [page.title for page, _at in found[1:] if not is_example(page.title)]
    hidden = [page.title for page in every if page not in shown]
    if not others and not hidden:
        return ()
    notes: list[Note] = [("read", [found[0][0].title]), ("others", others), ("hidden", hidden)]
    return tuple((about, names) for about, names in notes if names)


class _Reading:
    """Reads one worksheet cell by cell: the value, the formula, and the merged cell over it."""

    def __init__(self, page: Any, formulas: Any, layout: _Layout, heads_at: int) -> None:
        self.page, self.formulas, self.heads_at = page, formulas, heads_at
        self.hidden_rows, self.origins = layout.rows, layout.origins()
        self.kept: dict[tuple[int, int], Cell] = {}
        self.tops = set(self.origins.values())

    def read(self) -> tuple[tuple[str, ...], tuple[Line, ...]]:
        """The header row, and the rows that are not empty."""
        most = MOST_ROWS + TOP + 1
        heads: tuple[str, ...] = ()
        lines: list[Line] = []
        self.formulas.reset_dimensions()
        pairs = zip(
            self.page.iter_rows(max_row=most, max_col=MOST_COLUMNS),
            self.formulas.iter_rows(max_row=most, max_col=MOST_COLUMNS),
            strict=True,
        )
        for number, (row, behind) in enumerate(pairs, 1):
            cells = self._cells(number, row, behind)
            if number == self.heads_at:
                heads = tuple(cell.text for cell in cells)
            elif number > self.heads_at and any(cell.text or cell.fault for cell in cells):
                hidden = _("这一行在表格里是隐藏的，请取消隐藏或删去")
                lines.append(Line(number, cells, hidden if number in self.hidden_rows else ""))
            if len(lines) > MOST_ROWS:
                raise too_many_rows()
        return heads, tuple(lines)

    def _cells(self, number: int, row: Sequence[Any], behind: Sequence[Any]) -> tuple[Cell, ...]:
        """The cells of one row."""
        cells: list[Cell] = []
        for column, (value, formula) in enumerate(zip(row, behind, strict=True), 1):
            at = (number, column)
            origin = self.origins.get(at)
            cell = self._covered(at, origin) if origin else _shown(value, formula)
            if not origin and not cell.text and not cell.fault and _continues(value):
                cell = Cell(fault=_("左边的格子跨列居中盖住了它，请分开填写"), across=True)
            if at in self.tops:
                self.kept[at] = cell
            cells.append(cell)
        return tuple(cells)

    def _covered(self, at: tuple[int, int], origin: tuple[int, int]) -> Cell:
        """A merged cell: the merged value in every row of a column; a fault across columns."""
        if origin[1] != at[1]:
            return Cell(fault=_("与左边的格子合并了，请取消合并后分开填写"), across=True)
        if origin[0] <= self.heads_at:
            return Cell(fault=_("与表头合并了，请取消合并"))
        return self.kept.get(origin, Cell(fault=_("是合并单元格，请取消合并后填写")))


def _continues(value: Any) -> bool:
    """Whether the text of the cell to the left is centred over this empty cell."""
    alignment = getattr(value, "alignment", None)
    return alignment is not None and alignment.horizontal == "centerContinuous"


def _shown(cell: Any, formula: Any) -> Cell:
    """A cell as Excel shows it."""
    value = cell.value
    calculated = getattr(formula, "data_type", "n") == "f"
    if calculated and value in (None, ""):
        return Cell(fault=_("是公式，没有算出的结果，请在 Excel 中打开、保存后再传，或改成数值"))
    match value:
        case None:
            return Cell()
        case bool():
            return Cell(fault=_("是逻辑值 %(value)s，请填文字") % {"value": str(value).upper()})
        case datetime():
            if value.time() != time():
                return Cell(fault=_("带有钟点，请只填日期"))
            return Cell(value.date().isoformat(), day=True)
        case int() | float():
            return number_formats.as_shown(value, cell.number_format or "General")
        case str():
            return plain(clean(value))
    return Cell(fault=_("是钟点或时长，请填文字"))
