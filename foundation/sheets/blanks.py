"""Sheets to be filled in: the heads alone, and beside them an invented example and what may be written."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.cell import get_column_letter

#: Rows below the heads that take what is typed as text, so that codes keep their digits.
AS_TEXT = 1_000

#: The width of a column in characters.
WIDTH = 20


@dataclass(frozen=True)
class Asked:
    """A column of a blank: its head, an invented example, and whether no row can do without it."""

    head: str
    example: str = ""
    needed: bool = False


@dataclass(frozen=True)
class Further:
    """A further sheet that says what may be written: its title, its heads and its rows."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def blank(title: str, columns: Sequence[Asked], *more: Further) -> bytes:
    """An XLSX file with the heads alone, a second sheet with the example and what must be filled, and ``more``."""
    book = Workbook()
    page = book.active
    page.title = title
    heads = [column.head for column in columns]
    _heads(page, heads)
    for line in page.iter_rows(min_row=2, max_row=AS_TEXT, max_col=len(columns)):
        for cell in line:
            cell.number_format = "@"
    needed = [_("必填") if column.needed else "" for column in columns]
    example = Further(_("填写示例"), heads, [[column.example for column in columns], needed])
    for words in (example, *more):
        sheet = book.create_sheet(words.title)
        _heads(sheet, words.heads)
        for row in words.rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def is_example(title: str) -> bool:
    """Whether a sheet is called as the one with the example in a blank, in whichever language that was made."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if title == _("填写示例"):
                return True
    return False


def _heads(page: Any, heads: Sequence[str]) -> None:
    """The heads of the columns, in bold, above what stays in sight."""
    page.append(list(heads))
    for number, cell in enumerate(page[1], 1):
        cell.font = Font(bold=True)
        page.column_dimensions[get_column_letter(number)].width = WIDTH
    page.freeze_panes = "A2"
