"""Reading spreadsheets that people made, XLSX or CSV, as they look on the screen.

What cannot be read is never taken for an empty cell: an error value, a formula without its
result, a cell merged with its neighbours, a number whose format shows something else than its
value; each is a ``Cell`` with a ``fault`` in words. A file that cannot be read at all raises
``Unreadable`` with words that say how to correct it, whatever its parser raised.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import get_column_letter, range_boundaries

from foundation.forms import typed
from foundation.sheets.unpacked import Unreadable as Unreadable
from foundation.sheets.unpacked import look_over

#: Rows and columns of a sheet at most; and rows at its top that may be the header row.
MOST_ROWS, MOST_COLUMNS, TOP = 5_000, 60, 10


#: Cells that are merged, and cells of one row of a CSV file, at most.
MOST_MERGED, MOST_SEPARATED = 200_000, 1_000


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
    """The header row, the rows below it, ``notes`` for the person who imports it, and hidden columns."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    hidden: frozenset[int] = field(default_factory=frozenset)


def letter(column: int) -> str:
    """The letters of a column (0 is A)."""
    return get_column_letter(column + 1)


def read(content: bytes, kind: str, are_heads: Callable[[Sequence[str]], bool]) -> Sheet | None:
    """The first visible sheet of a file (``kind`` xlsx or csv) with a header row near its top.

    ``are_heads`` decides whether the texts of a row are the header row. None if no sheet has one.
    Raises ``Unreadable``.
    """
    try:
        return (_xlsx if kind == "xlsx" else _csv)(content, are_heads)
    except Unreadable:
        raise
    except Exception as fault:  # parsers raise all kinds of errors for damaged files
        raise Unreadable(_("文件打不开，请用 Excel 另存为 xlsx 后再传。")) from fault


def _too_long() -> Unreadable:
    """The error for a file with too many rows."""
    return Unreadable(_("文件超过 %(most)s 行，请分开导入。") % {"most": MOST_ROWS})


# --- CSV ---------------------------------------------------------------------------------


def _csv(content: bytes, are_heads: Callable[[Sequence[str]], bool]) -> Sheet | None:
    """The sheet of a CSV file in UTF-8, or in GB 18030 as Chinese Excel writes it."""
    text = _decoded(content)
    if text.lstrip()[:1] == "<":
        raise Unreadable(_("这是网页或 XML 文件，请用 Excel 打开后另存为 xlsx 再传。"))
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    heads: tuple[str, ...] | None = None
    lines: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, row in enumerate(_rows(reader), 1):
        if len(row) > MOST_SEPARATED:
            raise Unreadable(_("第 %(number)s 行的格子太多，请核对分隔符。") % {"number": number})
        if heads is not None and not any(row):
            continue
        if heads is None:
            if number > TOP:
                break
            texts = tuple(_clean(text) for text in row)
            heads = texts if are_heads(texts) else None
            continue
        cells = tuple(_typed(text) for text in row)
        if any(cell.text or cell.fault for cell in cells):
            lines.append(Line(number, cells, _shifted(cells, heads)))
        if len(lines) > MOST_ROWS:
            raise _too_long()
    return None if heads is None else Sheet(heads, tuple(lines))


def _decoded(content: bytes) -> str:
    """The text of a file; raises ``Unreadable`` for another encoding."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文件的编码认不出，请另存为 UTF-8 的 CSV 或 xlsx。"))


def _rows(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows; raises ``Unreadable`` for a quote that is not closed."""
    try:
        yield from reader
    except csv.Error as fault:
        words = _(
            "CSV 第 %(number)s 行附近的引号没有成对，后面的行会被并进同一格；或者有一格太长。请改好，或另存为 xlsx 再传。"
        )
        raise Unreadable(words % {"number": reader.line_num}) from fault  # type: ignore[attr-defined]  # csv's own


def _typed(text: str) -> Cell:
    """A cell of a CSV file; an apostrophe before a formula is dropped, and so is Excel's ``="0102"``."""
    text = _clean(text)
    quoted = re.fullmatch(r'="((?:[^"]|"")*)"', text)
    if quoted:
        return Cell(quoted[1].replace('""', '"'))
    if text.startswith("'") and text[1:2] in (*FORMULA, "'"):
        return Cell(text[1:])
    if text.startswith("="):
        return Cell(fault=_("是公式，没有算出的结果，请改成数值或文字"))
    return _plain(text)


def _shifted(cells: tuple[Cell, ...], heads: tuple[str, ...]) -> str:
    """The fault of a row with more cells than the header row, as a superfluous comma makes it."""
    extra = any(cell.text or cell.fault for cell in cells[len(heads) :])
    return _("这一行的格子比表头多，可能多了分隔符") if extra else ""


# --- XLSX --------------------------------------------------------------------------------


@dataclass
class _Layout:
    """Merged cells, hidden rows and hidden columns of a worksheet."""

    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    def element(self, name: str, given: dict[str, str]) -> None:
        """Handle the start of one XML element of the worksheet."""
        match name.rpartition(" ")[2]:
            case "mergeCell":
                left, top, right, bottom = range_boundaries(given["ref"])
                right, bottom = min(right, MOST_COLUMNS), min(bottom, MOST_ROWS + TOP + 1)
                self.merges.append((left, top, right, bottom))
            case "row" if _hidden(given, "ht") and "r" in given:
                self.rows.add(int(given["r"]))
            case "col" if _hidden(given, "width"):
                last = min(int(given["max"]), MOST_COLUMNS)
                self.columns |= {n - 1 for n in range(int(given["min"]), last + 1)}

    def origins(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The top-left cell (row, column) of every other merged cell; both count from 1."""
        area = sum((r - c + 1) * (b - t + 1) for c, t, r, b in self.merges if r >= c and b >= t)
        if area > MOST_MERGED:
            raise Unreadable(_("合并单元格太多，请取消合并后再传。"))
        return {
            (row, column): (top, left)
            for left, top, right, bottom in self.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }


def _hidden(given: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or has no height or width."""
    return given.get("hidden") in ("1", "true") or given.get(size) in ("0", "0.0")


def _layout_of(part: Any) -> _Layout:
    """The layout of a worksheet, parsed as a stream. Entities are not expanded."""
    found = _Layout()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = found.element
    parser.ParseFile(part)
    return found


class _Reader(ExcelReader):
    """Openpyxl's reader, which can be given the shared strings that another has read."""

    shared: list[str] | None = None

    def read_strings(self) -> None:
        """Read the shared strings, unless they are given."""
        if self.shared is None:
            super().read_strings()
        else:
            self.shared_strings = self.shared


def _opened(content: bytes, *, values: bool, shared: list[str] | None = None) -> ExcelReader:
    """A reader of the workbook: of results (``values``) or of formulas."""
    reader = _Reader(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)
    reader.shared = shared
    reader.read()
    return reader


def _xlsx(content: bytes, are_heads: Callable[[Sequence[str]], bool]) -> Sheet | None:
    """The sheet of an XLSX file."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        look_over(parts)
    reader = _opened(content, values=True)
    parts_of = {part.name: relation.target for part, relation in reader.parser.find_sheets()}
    shown = [worksheet for worksheet in reader.wb.worksheets if worksheet.sheet_state == "visible"]
    found = [(page, at) for page in shown if (at := _heads_at(page, are_heads))]
    if not found:
        return None
    page, at = found[0]
    layout = _layout_of(reader.archive.open(parts_of[page.title]))
    formulas = _opened(content, values=False, shared=reader.shared_strings).wb[page.title]
    heads, lines = _Reading(page, formulas, layout, at).read()
    return Sheet(heads, lines, _notes(reader.wb.worksheets, shown, found), frozenset(layout.columns))


def _heads_at(page: Any, are_heads: Callable[[Sequence[str]], bool]) -> int:
    """The number of the header row; 0 if the sheet has none."""
    page.reset_dimensions()
    for number, row in enumerate(page.iter_rows(max_row=TOP, max_col=MOST_COLUMNS), 1):
        if are_heads([_clean(cell.value) for cell in row]):
            return number
    return 0


def _notes(every: Sequence[Any], shown: Sequence[Any], found: Sequence[Any]) -> tuple[str, ...]:
    """Notes on which sheet was read and which were not."""
    notes = []
    if len(every) > 1:
        notes.append(_("读取的是工作表“%(name)s”。") % {"name": found[0][0].title})
    others = [page.title for page, _at in found[1:]]
    hidden = [page.title for page in every if page not in shown]
    if others:
        words = _("另有工作表也有表头，没有读取：%(names)s。")
        notes.append(words % {"names": "、".join(others)})
    if hidden:
        words = _("隐藏的工作表没有读取：%(names)s。")
        notes.append(words % {"names": "、".join(hidden)})
    return tuple(notes)


class _Reading:
    """Reads one worksheet cell by cell: the value, the formula, and the merged cell over it."""

    def __init__(self, page: Any, formulas: Any, layout: _Layout, heads_at: int) -> None:
        self.page, self.formulas, self.heads_at = page, formulas, heads_at
        self.hidden_rows, self.origins = layout.rows, layout.origins()
        self.kept: dict[tuple[int, int], Cell] = {}
        self.tops = set(self.origins.values())

    def read(self) -> tuple[tuple[str, ...], tuple[Line, ...]]:
        """The header row, and the rows that are not empty."""
        most = MOST_ROWS + TOP + 1
        heads: tuple[str, ...] = ()
        lines: list[Line] = []
        self.formulas.reset_dimensions()
        pairs = zip(
            self.page.iter_rows(max_row=most, max_col=MOST_COLUMNS),
            self.formulas.iter_rows(max_row=most, max_col=MOST_COLUMNS),
            strict=True,
        )
        for number, (row, behind) in enumerate(pairs, 1):
            cells = self._cells(number, row, behind)
            if number == self.heads_at:
                heads = tuple(cell.text for cell in cells)
            elif number > self.heads_at and any(cell.text or cell.fault for cell in cells):
                hidden = _("这一行在表格里是隐藏的，请取消隐藏或删去")
                lines.append(Line(number, cells, hidden if number in self.hidden_rows else ""))
            if len(lines) > MOST_ROWS:
                raise _too_long()
        return heads, tuple(lines)

    def _cells(self, number: int, row: Sequence[Any], behind: Sequence[Any]) -> tuple[Cell, ...]:
        """The cells of one row."""
        cells: list[Cell] = []
        for column, (value, formula) in enumerate(zip(row, behind, strict=True), 1):
            at = (number, column)
            origin = self.origins.get(at)
            cell = self._covered(at, origin) if origin else _shown(value, formula)
            if not origin and not cell.text and not cell.fault and _continues(value):
                cell = Cell(fault=_("左边的格子跨列居中盖住了它，请分开填写"), across=True)
            if at in self.tops:
                self.kept[at] = cell
            cells.append(cell)
        return tuple(cells)

    def _covered(self, at: tuple[int, int], origin: tuple[int, int]) -> Cell:
        """A merged cell: the merged value in every row of a column; a fault across columns."""
        if origin[1] != at[1]:
            return Cell(fault=_("与左边的格子合并了，请取消合并后分开填写"), across=True)
        if origin[0] <= self.heads_at:
            return Cell(fault=_("与表头合并了，请取消合并"))
        return self.kept.get(origin, Cell(fault=_("是合并单元格，请取消合并后填写")))


def _continues(value: Any) -> bool:
    """Whether the text of the cell to the left is centred over this empty cell."""
    alignment = getattr(value, "alignment", None)
    return alignment is not None and alignment.horizontal == "centerContinuous"


def _shown(cell: Any, formula: Any) -> Cell:
    """A cell as Excel shows it."""
    value = cell.value
    calculated = getattr(formula, "data_type", "n") == "f"
    if calculated and value in (None, ""):
        return Cell(fault=_("是公式，没有算出的结果，请在 Excel 中打开、保存后再传，或改成数值"))
    match value:
        case None:
            return Cell()
        case bool():
            return Cell(fault=_("是逻辑值 %(value)s，请填文字") % {"value": str(value).upper()})
        case datetime():
            if value.time() != time():
                return Cell(fault=_("带有钟点，请只填日期"))
            return Cell(value.date().isoformat(), day=True)
        case int() | float():
            return _number(value, cell.number_format or "General")
        case str():
            return _plain(_clean(value))
    return Cell(fault=_("是钟点或时长，请填文字"))


def _plain(text: str) -> Cell:
    """The cell of a text; an error value is a fault."""
    if _ERROR.fullmatch(text.upper()):
        return Cell(fault=_("是错误值 %(value)s，请改好") % {"value": text[:20]})
    return Cell(text)


def _clean(value: Any) -> str:
    """A text without characters that a cell or the database cannot hold, and without outer spaces."""
    text = "" if value is None else str(value)
    text = ILLEGAL_CHARACTERS_RE.sub("", text.replace("_x000D_", ""))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# --- how a number is shown -----------------------------------------------------------------


def _number(value: float, style: str) -> Cell:
    """A number as its format shows it; a fault where the format shows another number."""
    exact = Decimal(format(value, ".15g"))
    if not exact.is_finite():
        return Cell(fault=_("不是数"))
    if style.lower() in ("general", "@"):
        return Cell(f"{exact.normalize():f}" if exact else "0")
    digits = _digits_of(style)
    padded = re.fullmatch(r"0{2,}", digits or "")
    if padded and exact >= 0 and exact == exact.to_integral_value():
        return Cell(f"{int(exact):0{len(digits or '')}d}")
    plain = re.fullmatch(r"[#,?]*0?(?:\.([0#?]+))?(%?)", digits or "")
    if digits and plain:
        shown = exact * 100 if plain[2] else exact
        kept = shown.quantize(Decimal(1).scaleb(-len(plain[1] or "")), ROUND_HALF_UP)
        if kept == shown:
            return Cell(f"{shown.normalize():f}{plain[2]}" if shown else f"0{plain[2]}")
    words = _("显示的和存的不一样（存的是 %(value)s，格式是 %(style)s），请改成文本或普通数字")
    return Cell(fault=words % {"value": f"{exact.normalize():f}", "style": style[:30]})


def _digits_of(style: str) -> str | None:
    """The digit placeholders of a format's section for positive numbers.

    None if the format has literals that could be read as part of the number, depends on a
    condition, or shows no digits.
    """
    section = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', style)[0]
    if re.search(r"\[[<>=]", section):
        return None
    section = re.sub(r"\[[^\]]*\]|[_*].", "", section)
    literals = re.findall(r'"([^"]*)"|\\(.)', section)
    if re.search(r"[0-9A-Za-z.,%/-]", "".join(a + b for a, b in literals)):
        return None
    bare = re.sub(r'"[^"]*"|\\.', "", section)
    bare = re.sub(rf"[\s$\u20ac\u00a3{typed.YUAN_SIGNS}{typed.BRACKETS}]|^[+-]", "", bare)
    return bare if re.search(r"[0#?]", bare) else None
