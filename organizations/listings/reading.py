"""Reading one of the lists from a sheet; what is wrong is told row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from foundation import moments
from foundation.forms import typed
from foundation.forms.fields import CreditCodeField, DayField
from foundation.forms.words import spellings
from foundation.sheets.cells import Line
from foundation.sheets.faults import Fault, in_order
from foundation.sheets.notes import Note
from foundation.sheets.unpacked import Unreadable
from organizations.listings.heads import ALSO_CALLED, BESIDE_THE_DAY, HARMLESS, HEADS, OF_REMOVAL
from organizations.listings.kinds import ListKind

#: Rows that are read at most.
MOST = 5_000


def read(file: Any) -> tuple[list[dict[str, str]], list[str], list[Note]]:
    """The rows of an uploaded file, what is wrong row by row, and notes on what was not read.

    Raises ``Unreadable``, also for a head that may tell of a removal and is none that is known.
    """
    sheet, columns = HEADS.read(file)
    _require_known(HEADS.unknown(sheet.heads), columns)
    if len(sheet.lines) > MOST:
        raise Unreadable(_("一份名录最多 %(most)s 条，请分成几份。") % {"most": MOST})
    if not sheet.lines:
        raise Unreadable(_("文件里只有表头，没有内容。"))
    known = spellings(ListKind.choices) | {
        typed.compared(word): kind.value for kind, words in ALSO_CALLED.items() for word in words
    }
    rows, faults = [], []
    for line in sheet.lines:
        row, wrong = _row(line, columns, known)
        rows.append(row)
        faults += [Fault(line.number, words) for words in wrong]
    return rows, in_order(faults + _doubled(sheet.lines, rows)), HEADS.notes_on(sheet)


def _require_known(unread: Sequence[str], columns: Mapping[str, int]) -> None:
    """Raise ``Unreadable`` for heads that may say when somebody was removed and are not read."""
    harmless = {typed.compared(head) for head in HARMLESS}
    if "removed_on" in columns:
        harmless |= {typed.compared(head) for head in BESIDE_THE_DAY}
    strange = [
        head
        for head in unread
        if typed.compared(head) not in harmless and any(sign in head for sign in OF_REMOVAL)
    ]
    if strange:
        raise Unreadable(
            _("不认识表头“%(heads)s”，写的可能是移出日期。请把它改成“移出日期”；不是的，请删掉这一列。")
            % {"heads": "”、“".join(strange)}
        )


def _row(
    line: Line, columns: Mapping[str, int], known: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """One row as it is kept, and what is wrong with it."""
    cells = {name: line.at(column) for name, column in columns.items()}
    faults = HEADS.faults_within(cells)
    if line.fault:
        faults.append(line.fault)
    text = {name: typed.line(cell.text) for name, cell in cells.items() if not cell.fault}
    row = {
        "credit_code": _cleaned(CreditCodeField(), typed.code(text["credit_code"]), faults)
        if "credit_code" in text
        else "",
        "name": text.get("name", ""),
        "kind": known.get(typed.compared(text.get("kind", "")), ""),
    }
    if "name" in text and not 0 < len(row["name"]) <= 80:
        faults.append(_("请写机构名称，最多 80 个字。"))
    if "kind" in text and not row["kind"]:
        faults.append(
            _("名录应是“%(one)s”或“%(other)s”。")
            % {"one": ListKind.ABNORMAL.label, "other": ListKind.SERIOUS_BREACH.label}
        )
    listed_on = _day(DayField(label=""), text["listed_on"], faults) if "listed_on" in text else None
    removed_on = _day(DayField(required=False), text.get("removed_on", ""), faults)
    if listed_on and removed_on and removed_on < listed_on:
        faults.append(_("移出日期不能早于列入日期。"))
    if any(on > moments.today() for on in (listed_on, removed_on) if on):
        faults.append(_("日期不能晚于今天。"))
    row["listed_on"] = listed_on.isoformat() if listed_on else ""
    row["removed_on"] = removed_on.isoformat() if removed_on else ""
    return row, faults


def _cleaned(field: forms.Field, text: str, faults: list[str]) -> str:
    """What a field makes of a cell; "" and one more fault for what it refuses."""
    try:
        return str(field.clean(text))
    except forms.ValidationError as fault:
        faults += fault.messages
        return ""


def _day(field: DayField, text: str, faults: list[str]) -> date | None:
    """The day in a cell; None and one more fault for what is none."""
    try:
        found: date | None = field.clean(text)
    except forms.ValidationError as fault:
        faults += [_("列入日期要填写。")] if not text else fault.messages
        return None
    return found


def _doubled(lines: Sequence[Line], rows: Sequence[dict[str, str]]) -> list[Fault]:
    """The rows that say of an organization what an earlier one says, or that it stands twice in one list."""
    seen: dict[tuple[str, str, str], int] = {}
    faults = []
    for line, row in zip(lines, rows, strict=True):
        if not row["credit_code"]:
            continue
        open_now = "" if not row["removed_on"] else row["listed_on"]
        key = (row["credit_code"], row["kind"], open_now)
        if key in seen:
            words = _("和第 %(other)s 行是同一家机构、同一个名录。")
            faults.append(Fault(line.number, words % {"other": seen[key]}))
        seen.setdefault(key, line.number)
    return faults
