"""Lists of places, bodies and windows for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from organizations.city_lists.columns import COLUMNS
from organizations.city_lists.forms import UploadCityList

#: The names of the columns of each kind, by which rows are written here.
HEADS = {kind: {column.name: column.label for column in columns} for kind, columns in COLUMNS.items()}


def xlsx(kind: str, rows: Sequence[Mapping[str, Any]], heads: Sequence[str] = ()) -> SimpleUploadedFile:
    """An XLSX file with these rows."""
    book = Workbook()
    page = book.active
    names = list(HEADS[kind])
    page.append(list(heads) or list(HEADS[kind].values()))
    for row in rows:
        page.append([row.get(name) for name in names])
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile(f"{kind}.xlsx", content.getvalue())


def as_csv(kind: str, rows: Sequence[Mapping[str, Any]], encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    """The same as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADS[kind].values())
    for row in rows:
        writer.writerow([row.get(name, "") for name in HEADS[kind]])
    return SimpleUploadedFile(f"{kind}.csv", text.getvalue().encode(encoding))


def form(kind: str, file: SimpleUploadedFile, by: Any) -> UploadCityList:
    """The form of the upload, filled."""
    return UploadCityList({"kind": kind}, {"file": file}, actor=by)


def faults(kind: str, rows: Sequence[Mapping[str, Any]], by: Any) -> list[str]:
    """What is told of these rows."""
    filled = form(kind, xlsx(kind, rows), by)
    assert not filled.is_valid()
    return [str(words) for words in filled.errors["file"]]
