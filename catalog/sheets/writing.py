"""The catalog as a sheet, XLSX or CSV: written for people, and read back the same.

One row for each item, in the order of codes; groups and classes are rows with only code and names. Column heads are
the Chinese labels of the fields.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from catalog.editions.models import Edition
from catalog.items.fields import FIELDS, Field, place_names
from catalog.items.models import Heading
from catalog.sheets.sheet import OPEN_WORDS, Row
from foundation.columns import column_of
from foundation.sheets.cells import FORMULA, MOST_ROWS
from foundation.wording import listed


def rows_of(edition: Edition) -> Iterator[dict[str, Any]]:
    """Headings and items by code, as cells by field name, in three queries."""
    places = place_names()
    rows: list[tuple[str, Any]] = [(heading.code, heading) for heading in edition.headings.all()]
    items = edition.items.select_related("body").defer("search")
    rows += [(item.code, item) for item in items]
    for code, row in sorted(rows, key=lambda pair: pair[0]):
        if isinstance(row, Heading):
            yield {"code": code, "name": row.name, "name_en": row.name_en}
        else:
            yield {field.name: _cell(field, row, places) for field in FIELDS}


def _cell(field: Field, item: Any, places: dict[str, str]) -> Any:
    """The cell of a field; the word for no condition where the field has none."""
    value = field.cell(item, places)
    return OPEN_WORDS.get(field.name) if value in (None, "") else value


def as_csv(edition: Edition) -> bytes:
    """The sheet as CSV in UTF-8 with a byte order mark, so that Excel shows Chinese.

    A text that a spreadsheet would run as a formula gets an apostrophe before it, which is removed when the
    file is read back.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    with translation.override("zh-hans"):
        writer.writerow([str(field.label) for field in FIELDS])
        for row in rows_of(edition):
            writer.writerow([_without_formula(row.get(field.name)) for field in FIELDS])
    return text.getvalue().encode("utf-8-sig")


def _without_formula(value: Any) -> Any:
    """A value that no spreadsheet runs as a formula."""
    if isinstance(value, str) and value.startswith((*FORMULA, "'")):
        return f"'{value}"
    return "" if value is None else value


def as_xlsx(edition: Edition) -> bytes:
    """The sheet as XLSX: fixed heads, column widths, lists to choose from, ready to print."""
    with translation.override("zh-hans"):
        book = Workbook()
        _fill(book.active, "目录", rows_of(edition))
        _write_header(book.create_sheet("目录信息"), edition)
        _write_guide(book.create_sheet("填写说明"))
    return _saved(book)


def blank() -> bytes:
    """An XLSX file to be filled in: the heads alone, and beside them an invented example and what each column takes."""
    with translation.override("zh-hans"):
        book = Workbook()
        _fill(book.active, "目录", ())
        _fill(book.create_sheet(_("填写示例")), _("填写示例"), EXAMPLE)
        _write_guide(book.create_sheet("填写说明"))
    return _saved(book)


#: An invented group, class and item; its body is one that no city has.
EXAMPLE: tuple[Row, ...] = (
    {"code": "B", "name": "示例大类", "name_en": "Sample group"},
    {"code": "B01", "name": "示例小类", "name_en": "Sample class"},
    {
        **dict.fromkeys((field.name for field in FIELDS), ""),
        **OPEN_WORDS,
        "code": "B01.01",
        "name": "示例服务",
        "name_en": "Sample service",
        "kind": "服务性",
        "need_kind": "基本生活困难",
        "description": "上门帮助做饭、打扫和陪同就医。",
        "target_groups": "老年人",
        "audience_text": "独自生活、需要人帮的老人",
        "categories": "最低生活保障、特困供养",
        "age_from": 60,
        "unit": "小时",
        "price_low": Decimal("30"),
        "price_high": Decimal("50"),
        "standards": "接单后多久上门 | 从接单到第一次上门 | ≤ 5 工作日",
        "methods": "公开招标",
        "funding": "政府购买",
        "funding_source": "困难群众救助补助资金",
        "body": "示例市民政局",
    },
)


def _fill(page: Any, title: str, rows: Iterable[Row]) -> None:
    """Write the heads and rows of the catalog into a sheet."""
    page.title = title
    page.append([str(field.label) for field in FIELDS])
    for row in rows:
        _append(page, row)
    _format(page)


def _saved(book: Workbook) -> bytes:
    """The content of the file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _append(page: Any, row: dict[str, Any]) -> None:
    """Append one row."""
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


def _format(page: Any) -> None:
    """Format the sheet: widths, heads, lists to choose from, page set-up."""
    for column, field in enumerate(FIELDS, 1):
        letter = get_column_letter(column)
        page.column_dimensions[letter].width = field.width
        head = page.cell(1, column)
        head.font, head.fill, head.alignment = _BOLD, _HEAD, _WRAPPED
        words = _labels(field)
        choices = ",".join(words)
        single = not hasattr(field.model_field, "base_field")
        if words and single and len(choices) < 250:
            choice = DataValidation("list", formula1=f'"{choices}"', allow_blank=True)
            page.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{MOST_ROWS}")
    page.freeze_panes = "C2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _labels(field: Field) -> list[str]:
    """The labels of a field's choices."""
    return [str(label) for _value, label in field.choices]


def _write_header(page: Any, edition: Edition) -> None:
    """The sheet with the notice's header."""
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 16, 60
    names = (
        "title",
        "index_number",
        "document_number",
        "dated_on",
        "published_on",
        "in_force_from",
        "disclosure_form",
        "disclosure_scope",
    )
    for name in names:
        page.append([str(column_of(Edition, name).verbose_name), getattr(edition, name)])
    page.append(["有效期", edition.valid_until or "长期"])
    page.append(["效力状况", edition.validity])


def _write_guide(page: Any) -> None:
    """The sheet that explains how to fill in each column."""
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 28, 90
    page.append(["列", "怎么填"])
    for field in FIELDS:
        page.append([str(field.label), _instructions(field)])
    page.append(["大类和小类", "只填代码（如 B、B01）、名称和英文名称，占单独一行。"])
    for row in page.iter_rows():
        for cell in row:
            cell.alignment = _WRAPPED


def _instructions(field: Field) -> str:
    """How to fill in a column."""
    match field.name:
        case "standards":
            return "每条一行：标准 | 指标 | ≤ 5 工作日。可加第四段英文。符号可用 ≤、≥、=。"
        case "code":
            return "三级代码，例如 B01.02。"
        case "body":
            return "责任部门的全称。"
        case "places":
            return "镇街名称，用“、”隔开；全市都开展的写“全市”。"
        case "price_ceiling":
            return "不填则按规则自动计算。"
    words = listed(_labels(field))
    many = "可填多个，用“、”隔开：" if hasattr(field.model_field, "base_field") else "从中选一个："
    open_ = "没有这项条件的写“不限”，不要空着。" if field.name in OPEN_WORDS else ""
    return (many + words + ("。" if open_ else "") if words else "") + open_
