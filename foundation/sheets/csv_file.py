"""Reading a sheet from a CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from foundation.sheets.cells import FORMULA, MOST_ROWS, TOP, Cell, Line, Sheet, clean, plain, too_many_rows
from foundation.sheets.unpacked import Unreadable

if TYPE_CHECKING:
    from _csv import Reader  # the module csv does not name the type of its readers

#: Cells of one row at most.
MOST_SEPARATED = 1_000


def read(content: bytes, are_heads: Callable[[Sequence[str]], bool]) -> Sheet | None:
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
            texts = tuple(clean(text) for text in row)
            heads = texts if are_heads(texts) else None
            continue
        cells = tuple(_typed(text) for text in row)
        if any(cell.text or cell.fault for cell in cells):
            lines.append(Line(number, cells, _shifted(cells, heads)))
        if len(lines) > MOST_ROWS:
            raise too_many_rows()
    return None if heads is None else Sheet(heads, tuple(lines))


def _decoded(content: bytes) -> str:
    """The text of a file; raises ``Unreadable`` for another encoding."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文件的编码认不出，请另存为 UTF-8 的 CSV 或 xlsx。"))


def _rows(reader: Reader) -> Iterator[list[str]]:
    """The rows; raises ``Unreadable`` for a quote that is not closed."""
    try:
        yield from reader
    except csv.Error as fault:
        words = _(
            "CSV 第 %(number)s 行附近的引号没有成对，后面的行会被并进同一格；或者有一格太长。请改好，或另存为 xlsx 再传。"
        )
        raise Unreadable(words % {"number": reader.line_num}) from fault


def _typed(text: str) -> Cell:
    """A cell of a CSV file; an apostrophe before a formula is dropped, and so is Excel's ``="0102"``."""
    text = clean(text)
    quoted = re.fullmatch(r'="((?:[^"]|"")*)"', text)
    if quoted:
        return Cell(quoted[1].replace('""', '"'))
    if text.startswith("'") and text[1:2] in (*FORMULA, "'"):
        return Cell(text[1:])
    if text.startswith("="):
        return Cell(fault=_("是公式，没有算出的结果，请改成数值或文字"))
    return plain(text)


def _shifted(cells: tuple[Cell, ...], heads: tuple[str, ...]) -> str:
    """The fault of a row with more cells than the header row, as a superfluous comma makes it."""
    extra = any(cell.text or cell.fault for cell in cells[len(heads) :])
    return _("这一行的格子比表头多，可能多了分隔符") if extra else ""
