"""The catalog as a sheet, XLSX or CSV: written for people, and read back the same.

One row for each item, in the order of codes; groups and classes are rows with only code and names. Column
heads are the Chinese labels of the fields; English labels and the names in code are read too.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
from catalog.items.models import HEADING_CODE, Heading
from foundation.columns import column_of
from foundation.forms import typed
from foundation.forms.words import folded
from foundation.sheets import cells as sheet_cells
from foundation.sheets import reading as sheets_reading
from foundation.sheets.cells import FORMULA, MOST_ROWS
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


# --- writing -------------------------------------------------------------------------


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
        page = book.active
        page.title = "目录"
        page.append([str(field.label) for field in FIELDS])
        for row in rows_of(edition):
            _append(page, row)
        _format(page)
        _write_header(book.create_sheet("目录信息"), edition)
        _write_guide(book.create_sheet("填写说明"))
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


# --- reading -------------------------------------------------------------------------


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
        raise Unreadable(_("没有找到表头。第一行应有“代码”和“名称”两列，可先导出一份作样子。"))
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
