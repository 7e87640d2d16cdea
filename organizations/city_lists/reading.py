"""Reading a list of places, bodies or windows from a sheet."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.sheets.faults import Fault
from foundation.sheets.notes import Note
from foundation.sheets.unpacked import Unreadable
from foundation.wording import listed
from organizations.bodies.hours import HoursField
from organizations.city_lists import columns


def read(file: Any, kind: str) -> tuple[list[dict[str, Any]], list[Fault], list[Note]]:
    """The rows of an uploaded file as ``CityList.rows``, the faults of its cells, and notes on what was not read.

    Raises ``Unreadable``.
    """
    heads = columns.heads_of(kind)
    sheet, named = heads.read(file)
    if not sheet.lines:
        raise Unreadable(_("文件里只有表头，没有内容。"))
    if strange := heads.unknown(sheet.heads):
        raise Unreadable(_("认不出这些列：%(heads)s。请改名或删去。") % {"heads": listed(strange[:5])})
    lines_within = {column.name for column in columns.COLUMNS[kind] if isinstance(column.field, HoursField)}
    rows, faults = [], []
    for line in sheet.lines:
        cells = {name: line.at(number) for name, number in named.items()}
        labelled = (
            f"{columns.label_of(kind, name)} {cell.fault}" for name, cell in cells.items() if cell.fault
        )
        faults += [Fault(line.number, words) for words in (*filter(None, (line.fault,)), *labelled)]
        texts = {
            name: (typed.prose if name in lines_within else typed.line)(cell.text)
            for name, cell in cells.items()
            if cell.text and not cell.fault
        }
        rows.append({"n": line.number, "cells": texts})
    return rows, faults, heads.notes_on(sheet)
