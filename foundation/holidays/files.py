"""Rows of days from a CSV or XLSX file.

Two layouts are read, with or without a row of heads: day, kind, name; and range, kind, name. A range may also
stand in two cells: first, last, kind, name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.holidays.days import MOST, Row, begins_with_day
from foundation.holidays.vocabulary import FREE, HEADS, WORKING
from foundation.sheets import reading
from foundation.sheets.cells import Cell, Line
from foundation.sheets.unpacked import Unreadable

_COMMAS = re.compile(f"[{typed.COMMAS}\u3001]")


def rows_of(file: Any) -> list[Row]:
    """The rows of an uploaded file; raises ``Unreadable`` for one that is no such list."""
    sheet = reading.read(file.read(), file.kind, any)
    if sheet is None:
        raise Unreadable(_("文件里没有内容。"))
    lines = list(sheet.lines)
    if typed.compared(sheet.heads[0]) not in HEADS:
        first = lines[0].number - 1 if lines else 1
        lines.insert(0, Line(first, tuple(Cell(text) for text in sheet.heads)))
    if len(lines) > MOST:
        words = _("文件有 %(rows)s 行，一年的放假安排最多 %(most)s 行，请核对是不是传错了文件。")
        raise Unreadable(words % {"rows": len(lines), "most": MOST})
    if not lines:
        raise Unreadable(_("文件里只有表头，没有日子。"))
    return [_row_of(line) for line in lines]


def _row_of(line: Line) -> Row:
    """One line as a row. A cell that could not be read stays as its fault, which is no day and no kind."""
    texts = [cell.fault or cell.text for cell in line.cells]
    called = _("文件第 %(n)s 行") % {"n": line.number}
    return Row(called, *_parts(texts))


def _parts(texts: Sequence[str]) -> tuple[str, str, str, str]:
    """First and last day, kind and name of the cells of a line."""
    if not any(texts[1:]):  # commas of Chinese texts stand in one cell
        texts = [part.strip() for part in _COMMAS.split(texts[0])]
    filled = [*texts, "", "", "", ""]
    ends = typed.compared(filled[2]) in FREE | WORKING or begins_with_day(filled[1])
    if typed.compared(filled[1]) in FREE | WORKING or not (filled[2] and ends):
        return filled[0], "", filled[1], filled[2]
    return filled[0], filled[1], filled[2], filled[3]
