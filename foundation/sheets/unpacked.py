"""Limits on what a workbook holds once unpacked, checked before it is read.

A small file can hold a very large one, and readers of workbooks make an object of every element.
Here each part is parsed once as a stream, and refused in words if it holds more than the
spreadsheet of any office.
"""

from __future__ import annotations

import zipfile
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

#: Bytes of all parts at most.
LARGEST = 100 * 1024 * 1024


#: Elements of a sheet, of the shared strings, and of any other part, at most.
MOST_ELEMENTS = {"worksheet": 2_500_000, "sst": 700_000}


MOST_OTHERS = 60_000


#: Rows that are read, and cells in them at most; rows after them (mostly empty) do not count.
ROWS_READ, MOST_FILLED = 5_100, 350_000


#: Sheets of a workbook, cells of a row, characters of a cell; the last two are Excel's limits.
MOST_SHEETS, MOST_CELLS, LONGEST_CELL = 60, 16_384, 32_767


#: Bytes of one tag, and nesting of tags, at most.
LONGEST_TAG, DEEPEST = 1024 * 1024, 64


_CHUNK = 256 * 1024


class Unreadable(ValueError):
    """The file is no spreadsheet that can be read; the message says how to correct it."""


def look_over(parts: zipfile.ZipFile) -> None:
    """Raise ``Unreadable`` for a workbook that holds too much, ``ValueError`` for a malformed one."""
    if sum(info.file_size for info in parts.infolist()) > LARGEST:
        raise Unreadable(_("文件解开后太大，请分开导入。"))
    for info in parts.infolist():
        with parts.open(info) as part:
            _Part().read(part)


class _Part:
    """Counts the elements of one part. Malformed XML is left to the workbook's reader."""

    def __init__(self) -> None:
        self.root = ""
        self.elements = self.depth = self.sheets = self.last_row = 0
        #: Cells of the present row, characters of the present cell, and the depth of that cell.
        self.cells = self.letters = self.cell_at = 0
        self.filled = 0

    def read(self, part: IO[bytes]) -> None:
        """Parse the part; raises ``Unreadable`` or ``ValueError`` at the first limit that it exceeds."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = _no_entities
        fed = 0
        try:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > LONGEST_TAG:
                    raise ValueError("A tag of a workbook is too long.")
        except expat.ExpatError:
            return

    def _start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        self.root = self.root or name
        self.elements += 1
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError("Tags of a workbook are too deep.")
        if self.elements > MOST_ELEMENTS.get(self.root, MOST_OTHERS):
            raise self._too_many()
        if name in ("c", "si"):
            self.cell_at = self.depth
        if self.depth <= self.cell_at or self.root not in MOST_ELEMENTS:
            self.letters = 0
        if self.root == "worksheet":
            self._in_a_sheet(name, given)
        elif name == "sheet":
            self.sheets += 1
            if self.sheets > MOST_SHEETS:
                raise Unreadable(_("工作表太多，请只留要导入的那一张。"))

    def _in_a_sheet(self, name: str, given: dict[str, str]) -> None:
        if name == "c":
            self.cells += 1
            self.filled += self.last_row <= ROWS_READ
            if self.cells > MOST_CELLS or self.filled > MOST_FILLED:
                raise self._too_many()
        elif name == "row":
            self.cells = 0
            number = int(given.get("r", self.last_row + 1))
            if number <= self.last_row:  # a reader passes over what comes twice
                raise ValueError("Rows of a sheet are out of order.")
            self.last_row = number

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _text(self, words: str) -> None:
        self.letters += len(words)
        if self.letters > LONGEST_CELL and self.root in MOST_ELEMENTS:
            raise Unreadable(
                _("有一格的文字太长（最多 %(most)s 字），请改短后再传。") % {"most": LONGEST_CELL}
            )

    def _too_many(self) -> Unreadable:
        if self.root in MOST_ELEMENTS:
            return Unreadable(_("格子太多，多半是后面有许多设过格式的空行、空列。请删去它们，另存后再传。"))
        return Unreadable(_("文件里的样式、名称等太多。请把内容复制到新的工作簿（只粘贴值），另存后再传。"))


def _no_entities(*_declared: object) -> None:
    """Refuse a declaration of entities, by which a small part could expand without limit."""
    raise ValueError("A part of a workbook declares entities.")
