"""Reading the catalog from a sheet, XLSX or CSV, as ``writing`` writes it or people made it.

One row for each item; groups and classes are rows with only code and names. Column heads are the Chinese labels of
the fields; English labels and the names in code are read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from catalog.items.fields import FIELDS
from catalog.items.models import HEADING_CODE
from foundation.forms import typed
from foundation.forms.words import folded
from foundation.sheets import cells as sheet_cells
from foundation.sheets import reading as sheets_reading
from foundation.sheets.notes import Note
from foundation.sheets.unpacked import Unreadable
from foundation.wording import aside, labelled, listed

Row = dict[str, Any]


#: The sheet states that there is no condition, or no limit of place; an empty cell states nothing.
UNLIMITED = "不限"


EVERYWHERE = "全市"


OPEN_WORDS = dict.fromkeys(
    ("categories", "age_from", "age_to", "disability", "income_percent", "residence"), UNLIMITED
) | {"places": EVERYWHERE}


#: Other words that people use for it.
_OPEN = {folded(word) for word in (UNLIMITED, EVERYWHERE, "无限制", "any", "no limit", "unlimited")}


def states_no_condition(text: str) -> bool:
    """Whether a cell states that there is no condition."""
    return folded(text) in _OPEN


@dataclass(frozen=True)
class Found:
    """The content of a file: rows as texts by field name, unknown heads, and notes on what was not read.

    A row has its number in the file under ``#`` and what cannot be read of it under ``!``.
    """

    rows: list[Row]
    unknown: list[str]
    notes: list[Note]


def read(content: bytes, kind: str) -> Found:
    """The content of a file (``kind`` xlsx or csv); raises ``Unreadable``."""
    heads = known_heads()
    found = sheets_reading.read(content, kind, lambda texts: len(_CODE_AND_NAME & _named(texts, heads)) == 2)
    if found is None:
        raise Unreadable(_("没有找到表头。第一行应有“代码”和“名称”两列，可先下载空表看样子。"))
    columns = {at: name for at, text in enumerate(found.heads) if (name := heads.get(folded(text)))}
    if len(set(columns.values())) < len(columns):
        raise Unreadable(_("表头有重复的列，请删去多余的。"))
    hidden = [aside(found.heads[at], sheet_cells.letter(at)) for at in columns if at in found.hidden]
    if hidden:
        words = _("这些列在表格里是隐藏的：%(columns)s。请取消隐藏后再传。")
        raise Unreadable(words % {"columns": listed(hidden)})
    rows = [row for line in found.lines if (row := _row(line, columns, found.heads))]
    if not rows:
        raise Unreadable(_("文件里只有表头，没有内容。"))
    unknown = [text for at, text in enumerate(found.heads) if text and at not in columns]
    return Found(rows, unknown, list(found.notes))


_CODE_AND_NAME = {"code", "name"}


def known_heads() -> dict[str, str]:
    """The field name of every spelling of a head."""
    known: dict[str, str] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            known |= {folded(str(field.label)): field.name for field in FIELDS}
    return known | {folded(field.name): field.name for field in FIELDS}


def _named(texts: Iterable[str], heads: dict[str, str]) -> set[str]:
    """The field names of the heads that are known."""
    return {heads[folded(text)] for text in texts if folded(text) in heads}


def _row(line: sheet_cells.Line, columns: dict[int, str], heads: Sequence[str]) -> Row | None:
    """The texts of a line by field; ``None`` for a line that is empty in the known columns."""
    cells = {name: line.at(at) for at, name in columns.items()}
    if not any(cell.text or cell.fault for cell in cells.values()):
        return None
    code = next(cell.text for name, cell in cells.items() if name == "code")
    heading = HEADING_CODE.fullmatch(typed.code(code))
    if heading:  # its name may be merged across the columns that it leaves empty
        cells = {name: cell for name, cell in cells.items() if name == "name" or not cell.across}
    faults = [line.fault] if line.fault else []
    if not heading and len(line.cells) <= max(columns):
        faults.append(_("这一行的格子比表头少，文件可能不完整"))
    for at, name in columns.items():
        why = _why_not(cells[name], name) if name in cells else ""
        if why:
            faults.append(labelled(aside(heads[at], f"{sheet_cells.letter(at)}{line.number}"), why))
    row: Row = {"#": line.number, **{name: cell.text for name, cell in cells.items()}}
    return row | ({"!": faults} if faults else {})


#: A line within a cell that begins with the code of another row.
_NEXT_ROW = re.compile(r"^\W{0,3}[A-Z]\d\d(\.\d\d)?\W{0,2}[,;\t]", re.MULTILINE)


_DAYS = ("valid_from", "valid_until")


def _why_not(cell: sheet_cells.Cell, name: str) -> str:
    """Why a cell cannot be relied on; empty if it can."""
    if cell.fault:
        return cell.fault
    if cell.day and name not in _DAYS:
        return _("被表格软件改成了日期，请把格子设成文本后重填")
    if "\n" in cell.text and _NEXT_ROW.search(cell.text.partition("\n")[2]):
        return _("里面像是有后面整行的内容，请检查引号是否成对")
    return ""
