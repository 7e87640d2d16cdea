"""Sheets for tests: a draft's own, changed in one place, and small ones made by hand."""

# typography: as typed
from __future__ import annotations

import io
import zipfile

from openpyxl import Workbook, load_workbook

from catalog.sheets import importing, sheet, writing

COLUMN = {field.name: n for n, field in enumerate(sheet.FIELDS, 1)}


LABEL = {field.name: str(field.label) for field in sheet.FIELDS}


class File(io.BytesIO):
    def __init__(self, content: bytes, kind: str = "xlsx") -> None:
        super().__init__(content)
        self.name, self.kind = f"目录.{kind}", kind


def saved(book) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def exported(draft, *fresh: str):
    """The draft's own sheet, with new rows that are B01.02's under other codes."""
    book = load_workbook(io.BytesIO(writing.as_xlsx(draft)))
    page = book["目录"]
    model = next(row for row in page.iter_rows(min_row=2) if row[0].value == "B01.02")
    for code in fresh:
        at = page.max_row + 1
        for cell in model:
            page.cell(at, cell.column, cell.value)
        page.cell(at, 1, code)
    return book, page


def line_of(waiting, code):
    return next(line for line in importing.preview(waiting).lines if line.code == code)


def row_of(page, code) -> int:
    return next(row[0].row for row in page.iter_rows() if row[0].value == code)


def put(page, code, name, value):
    cell = page.cell(row_of(page, code), COLUMN[name])
    cell.value = value
    return cell


def refused_words(waiting, code) -> str:
    line = line_of(waiting, code)
    assert line.verdict == "refused", line
    return " ".join(line.faults)


def edited(content: bytes, part: str, old: bytes, new: bytes, tail: bytes = b"") -> bytes:
    """The workbook with one part changed; ``tail`` comes behind the rows."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for each in before.infolist():
            data = before.read(each)
            if each.filename == part:
                assert old in data
                data = data.replace(old, new, 1).replace(b"</sheetData>", b"</sheetData>" + tail)
            after.writestr(each.filename, data)
    return made.getvalue()


def small(rows, title="目录"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book
