"""Files to be filled in, one for each kind of list."""

from __future__ import annotations

import io
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.cell import get_column_letter

from organizations.city_lists.columns import COLUMNS
from organizations.city_lists.kinds import ListKind

#: Rows below the heads that take what is typed as text, so that codes keep their digits.
AS_TEXT = 1_000

#: The width of a column in characters.
WIDTH = 20


def template_of(kind: str) -> bytes:
    """An XLSX file with the heads alone, and a second sheet with an invented example and what must be filled."""
    with translation.override("zh-hans"):
        book = Workbook()
        page = book.active
        page.title = str(ListKind(kind).label)
        _heads(page, kind)
        for line in page.iter_rows(min_row=2, max_row=AS_TEXT, max_col=len(COLUMNS[kind])):
            for cell in line:
                cell.number_format = "@"
        example = book.create_sheet(_("填写示例"))
        _heads(example, kind)
        example.append([column.example for column in COLUMNS[kind]])
        example.append([_("必填") if column.needed else "" for column in COLUMNS[kind]])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _heads(page: Any, kind: str) -> None:
    """The heads of the columns, in bold, above what stays in sight."""
    page.append([column.label for column in COLUMNS[kind]])
    for number, cell in enumerate(page[1], 1):
        cell.font = Font(bold=True)
        page.column_dimensions[get_column_letter(number)].width = WIDTH
    page.freeze_panes = "A2"
