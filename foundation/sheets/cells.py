"""What is read of a spreadsheet: cells, lines and the sheet, and what is common to both kinds of file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.cell import get_column_letter

from foundation.sheets.notes import Note
from foundation.sheets.unpacked import Unreadable

#: Rows and columns of a sheet at most; and rows at its top that may be the header row.
MOST_ROWS, MOST_COLUMNS, TOP = 5_000, 60, 10


#: First characters of what a spreadsheet takes for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


#: Error values, and the number signs of a column that is too narrow.
_ERROR = re.compile(r"#[A-Z/0]+[!?]|#N/A|#{3,}")


@dataclass(frozen=True)
class Cell:
    """What a cell shows. With a ``fault`` its ``text`` must not be used.

    ``day`` says that it is a date; ``across`` that a cell to the left is merged over it.
    """

    text: str = ""
    fault: str = ""
    day: bool = False
    across: bool = False


@dataclass(frozen=True)
class Line:
    """One row below the header row, with its number in the file; ``fault`` concerns the whole row."""

    number: int
    cells: tuple[Cell, ...]
    fault: str = ""

    def at(self, column: int) -> Cell:
        """The cell of a column (0 is A); an empty one beyond the last."""
        return self.cells[column] if column < len(self.cells) else Cell()


@dataclass(frozen=True)
class Sheet:
    """The header row, the rows below it, ``notes`` on what was not read, and hidden columns."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[Note, ...] = ()
    hidden: frozenset[int] = field(default_factory=frozenset)


def letter(column: int) -> str:
    """The letters of a column (0 is A)."""
    return get_column_letter(column + 1)


def too_many_rows() -> Unreadable:
    """The error for a file with too many rows."""
    return Unreadable(_("文件超过 %(most)s 行，请分开导入。") % {"most": MOST_ROWS})


def plain(text: str) -> Cell:
    """The cell of a text; an error value is a fault."""
    if _ERROR.fullmatch(text.upper()):
        return Cell(fault=_("是错误值 %(value)s，请改好") % {"value": text[:20]})
    return Cell(text)


def clean(value: Any) -> str:
    """A text without characters that a cell or the database cannot hold, and without outer spaces."""
    text = "" if value is None else str(value)
    text = ILLEGAL_CHARACTERS_RE.sub("", text.replace("_x000D_", ""))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
