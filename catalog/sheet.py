"""The catalog as a sheet, XLSX or CSV: written for people, read back the same.

One row an item, in the order of codes; groups and classes are rows with only code and
name. Column heads are the fields' names in Chinese; on reading, English heads and the
names used in code are understood too.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from catalog.item_fields import FIELDS, Field, place_names
from catalog.models import Edition, Heading
from foundation.words import folded

#: Rows of a file at most; and rows at its top among which the heads are looked for.
MOST_ROWS, TOP = 5_000, 10

#: Bytes of a workbook once unpacked, at most: a small file can hold a very large one.
LARGEST = 100 * 1024 * 1024

#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, Any]


class Unreadable(ValueError):
    """The file is no sheet with a catalog; the message says how to mend it."""


def rows_of(edition: Edition) -> Iterator[dict[str, Any]]:
    """Headings and items by code, as cells by field name, in three queries."""
    places = place_names()
    rows: list[tuple[str, Any]] = [(each.code, each) for each in edition.headings.all()]
    items = edition.items.select_related("body").defer("search")
    rows += [(each.code, each) for each in items]
    for code, row in sorted(rows, key=lambda pair: pair[0]):
        if isinstance(row, Heading):
            yield {"code": code, "name": row.name, "name_en": row.name_en}
        else:
            yield {field.name: field.cell(row, places) for field in FIELDS}


# --- writing -------------------------------------------------------------------------


def as_csv(edition: Edition) -> bytes:
    """The sheet as CSV in UTF-8 with its mark, so that Excel shows Chinese.

    A text that a spreadsheet would run as a formula gets an apostrophe before it, and
    loses it when the file is read back.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    with translation.override("zh-hans"):
        writer.writerow([str(field.label) for field in FIELDS])
        for row in rows_of(edition):
            writer.writerow([_harmless(row.get(field.name)) for field in FIELDS])
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith((*_FORMULA, "'")):
        return f"'{value}"
    return "" if value is None else value


def as_xlsx(edition: Edition) -> bytes:
    """The sheet as XLSX: frozen heads, widths, lists to choose from, ready to print."""
    with translation.override("zh-hans"):
        book = Workbook()
        page = book.active
        page.title = "目录"
        page.append([str(field.label) for field in FIELDS])
        for row in rows_of(edition):
            _append(page, row)
        _dress(page)
        _about(book.create_sheet("目录信息"), edition)
        _guide(book.create_sheet("填写说明"))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _append(page: Any, row: dict[str, Any]) -> None:
    number = page.max_row + 1
    for column, field in enumerate(FIELDS, 1):
        value = row.get(field.name)
        if value in (None, ""):
            continue
        cell: Cell = page.cell(number, column)
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
            cell.data_type = "s"  # never a formula
        else:
            cell.value = value
            cell.number_format = _FORMATS.get(type(value), "0")
        cell.alignment = _WRAPPED
        if len(row) < len(FIELDS):
            cell.font = _BOLD


_FORMATS = {Decimal: "#,##0.00", date: "yyyy-mm-dd"}
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_BOLD = Font(bold=True)
_HEAD = PatternFill("solid", fgColor="DDEBE8")


def _dress(page: Any) -> None:
    for column, field in enumerate(FIELDS, 1):
        letter = get_column_letter(column)
        page.column_dimensions[letter].width = field.width
        head = page.cell(1, column)
        head.font, head.fill, head.alignment = _BOLD, _HEAD, _WRAPPED
        words = _words(field)
        listed = ",".join(words)
        single = not hasattr(field.model_field, "base_field")
        if words and single and len(listed) < 250:
            choice = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
            page.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{MOST_ROWS}")
    page.freeze_panes = "C2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _words(field: Field) -> list[str]:
    return [str(label) for _value, label in field.choices]


def _about(page: Any, edition: Edition) -> None:
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 16, 60
    names = (
        "title", "index_number", "document_number", "dated_on", "published_on", "in_force_from",
        "disclosure_form", "disclosure_scope",
    )  # fmt: skip
    for name in names:
        page.append([str(Edition._meta.get_field(name).verbose_name), getattr(edition, name)])
    page.append(["有效期", edition.valid_until or "长期"])
    page.append(["效力状况", edition.validity])


def _guide(page: Any) -> None:
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 28, 90
    page.append(["列", "怎么填"])
    for field in FIELDS:
        page.append([str(field.label), _how(field)])
    page.append(["大类和小类", "只填代码(如 B、B01)、名称和英文名称,占单独一行。"])
    for row in page.iter_rows():
        for cell in row:
            cell.alignment = _WRAPPED


def _how(field: Field) -> str:
    match field.name:
        case "standards":
            return "每条一行:标准 | 指标 | ≤ 5 工作日。可加第四段英文。符号可用 ≤、≥、=。"
        case "code":
            return "三级代码,例如 B01.02。"
        case "body":
            return "责任部门的全称。"
        case "places":
            return "镇街名称,用“、”隔开;不填表示全市。"
        case "price_ceiling":
            return "不填则按规则自动计算。"
    words = "、".join(_words(field))
    many = "可填多个,用“、”隔开:" if hasattr(field.model_field, "base_field") else "从中选一个:"
    return many + words if words else ""


# --- reading -------------------------------------------------------------------------


def read(content: bytes, kind: str) -> tuple[list[Row], list[str]]:
    """The rows of a file (``kind`` xlsx or csv) as texts by field name, with the number
    of each in the file under ``#``; and the heads that are not understood.

    Raises ``Unreadable``.
    """
    lines = _xlsx(content) if kind == "xlsx" else _csv(content)
    columns: dict[int, str] = {}
    unknown: list[str] = []
    rows: list[Row] = []
    for number, cells in enumerate(lines, 1):
        if not columns:
            if number > TOP:
                break
            columns, unknown = _heads(cells)
            continue
        row = {name: cells[at] if at < len(cells) else "" for at, name in columns.items()}
        if any(row.values()):
            rows.append({"#": number, **row})
        if len(rows) > MOST_ROWS:
            raise Unreadable(_("文件超过 %(most)s 行,请分开导入。") % {"most": MOST_ROWS})
    if not columns:
        raise Unreadable(_("没有找到表头。第一行应有“代码”和“名称”两列,可先导出一份作样子。"))
    if not rows:
        raise Unreadable(_("文件里只有表头,没有内容。"))
    return rows, unknown


def _heads(cells: list[str]) -> tuple[dict[int, str], list[str]]:
    """Which column holds which field; nothing where this is no row of heads."""
    known: dict[str, str] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            known |= {folded(str(field.label)): field.name for field in FIELDS}
    known |= {folded(field.name): field.name for field in FIELDS}
    columns = {at: known[folded(text)] for at, text in enumerate(cells) if folded(text) in known}
    if not {"code", "name"} <= set(columns.values()):
        return {}, []
    if len(set(columns.values())) < len(columns):
        raise Unreadable(_("表头有重复的列,请删去多余的。"))
    return columns, [text for at, text in enumerate(cells) if text and at not in columns]


def _xlsx(content: bytes) -> Iterable[list[str]]:
    book = None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            size = sum(each.file_size for each in parts.infolist())
        if size <= LARGEST:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as fault:
        raise Unreadable(_("文件打不开,请用 Excel 另存为 xlsx 后再传。")) from fault
    if book is None:
        raise Unreadable(_("文件解开后太大,请分开导入。"))
    page = book.worksheets[0]
    page.reset_dimensions()
    width = len(FIELDS) + 20
    for cells in page.iter_rows(max_row=MOST_ROWS + TOP + 1, max_col=width, values_only=True):
        yield [_text(each) for each in cells]


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return f"{Decimal(repr(value)):f}"
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _csv(content: bytes) -> Iterable[list[str]]:
    """Rows of a text file in UTF-8, or in GB 18030 as Chinese Excel writes it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as fault:
            raise Unreadable(_("文件的编码认不出,请另存为 UTF-8 的 CSV 或 xlsx。")) from fault
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [_unquoted(_text(each)) for each in cells]
    except csv.Error as fault:
        raise Unreadable(_("CSV 格式有误:%(fault)s") % {"fault": fault}) from fault


def _unquoted(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:2] in (*_FORMULA, "'") else text
