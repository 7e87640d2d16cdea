"""Reading spreadsheets that people made, XLSX or CSV, as they look on the screen.

What cannot be read is never taken for an empty cell: an error value, a formula without its
result, a cell merged with its neighbours, a number whose format shows something else than its
value; each is a ``Cell`` with a ``fault`` in words. A file that cannot be read at all raises
``Unreadable`` with words that say how to correct it, whatever its parser raised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from foundation.sheets import csv_file, workbook
from foundation.sheets.cells import Sheet
from foundation.sheets.unpacked import Unreadable


def read(content: bytes, kind: str, are_heads: Callable[[Sequence[str]], bool]) -> Sheet | None:
    """The first visible sheet of a file (``kind`` xlsx or csv) with a header row near its top.

    ``are_heads`` decides whether the texts of a row are the header row. None if no sheet has one.
    Raises ``Unreadable``.
    """
    try:
        return (workbook if kind == "xlsx" else csv_file).read(content, are_heads)
    except Unreadable:
        raise
    except Exception as fault:  # parsers raise all kinds of errors for damaged files
        raise Unreadable(_("文件打不开，请用 Excel 另存为 xlsx 后再传。")) from fault
