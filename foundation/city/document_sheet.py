"""The text of the document that the city carries out, from a sheet with a sentence a row.

Columns: the number of the part (3.2.2), its place as officials quote it, its heading, the sentence, and the clause of
the product that it stands for (S14), where it is one.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms.typed import line
from foundation.refusals import Words
from foundation.sheets import blanks
from foundation.sheets.blanks import Asked, Further
from foundation.sheets.cells import Line
from foundation.sheets.heads import Heads
from foundation.sheets.unpacked import Unreadable

HEADS = Heads(
    called={
        "number": ["编号"],
        "place": ["位置"],
        "heading": ["标题"],
        "text": ["文字"],
        "clause": ["对应的条", "条"],
    },
    needed=("number", "place"),
)

#: What each column takes, and invented examples of rows: a part with its heading, then its sentences.
TAKES: dict[str, Words] = {
    "number": gettext_lazy("第几章第几节第几点，只写数字和点，例如 3.2.2。同一处的几句话写同一个编号。"),
    "place": gettext_lazy("公文里怎么引用这一处，例如 三（二）2。"),
    "heading": gettext_lazy("这一处的小标题；没有就空着。"),
    "text": gettext_lazy("一行一句，照原文写。"),
    "clause": gettext_lazy(
        "平台的页面引用这句话时用的代号，S1 至 S34；页面上的“依据”点开就是这一句。不知道的空着，条文照样能看。"
    ),
}
EXAMPLES = (
    ("1", "一", "总体要求", "", ""),
    ("1.1", "一（一）", "工作目标", "建立部门联动、社会参与的救助机制。", "S1"),
    ("1.1", "一（一）", "", "镇街设立统一受理窗口。", "S2"),
)

#: Clauses of the product to which a sentence may answer, how a part is numbered, and the longest sentence.
CLAUSES, NUMBER, LONGEST = (
    frozenset(f"S{n}" for n in range(1, 35)),
    re.compile(r"[1-9]\d?(\.[1-9]\d?){0,3}"),
    2_000,
)


def blank() -> bytes:
    """An XLSX file to be filled in, with examples and what each column takes."""
    with translation.override("zh-hans"):
        heads = [words[0] for words in HEADS.called.values()]
        rows = zip(HEADS.called, heads, strict=True)
        columns = [Asked(head, "", name in HEADS.needed) for name, head in rows]
        guide = [[HEADS.called[name][0], str(words)] for name, words in TAKES.items()]
        return blanks.blank(
            _("条文"),
            columns,
            Further(_("几行例子"), heads, EXAMPLES),
            Further(_("怎么填"), [_("列"), _("怎么填")], guide),
        )


def read(file: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """The parts of the document in the order of the file, and what is wrong with it row by row; raises ``Unreadable``.

    A part is ``number``, ``place``, ``heading`` and ``sentences`` (``text`` and perhaps ``clause``).
    """
    sheet, columns = HEADS.read(file)
    parts: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    clauses: set[str] = set()
    for row in sheet.lines:
        wrong = _take(row, columns, parts, clauses)
        faults += [_("第 %(n)s 行：%(fault)s") % {"n": row.number, "fault": fault} for fault in wrong]
    if not parts and not faults:
        raise Unreadable(_("文件里只有表头，没有条文。"))
    return list(parts.values()), faults


def _take(
    row: Line, columns: dict[str, int], parts: dict[str, dict[str, Any]], clauses: set[str]
) -> list[str]:
    """Add a row to the parts; what is wrong with it."""
    cells = {name: row.at(column) for name, column in columns.items()}
    faults = [fault for fault in (row.fault, *(cell.fault for cell in cells.values())) if fault]
    if faults:
        return faults
    said = {name: line(cell.text) for name, cell in cells.items()}
    number, clause = said["number"], said.get("clause", "").upper()
    if not NUMBER.fullmatch(number):
        faults.append(_("编号应写作 3.2.2 这样的数字。"))
    if not 0 < len(said["place"]) <= 20:
        faults.append(_("请写位置，例如“三（二）2”，最多 20 个字。"))
    if len(said.get("heading", "")) > 60 or len(said.get("text", "")) > LONGEST:
        faults.append(_("标题最多 60 个字，一行的文字最多 %(most)s 个字。") % {"most": LONGEST})
    if clause and clause not in CLAUSES:
        faults.append(_("条应是 S1 至 S34，或者不写。"))
    if clause and clause in clauses:
        faults.append(_("“%(clause)s”前面已经写过。") % {"clause": clause})
    known = parts.get(number)
    if known is not None and known["place"] != said["place"]:
        faults.append(
            _("编号 %(number)s 前面写的位置是“%(place)s”。") % {"number": number, "place": known["place"]}
        )
    if faults:
        return faults
    part = parts.setdefault(
        number, {"number": number, "place": said["place"], "heading": "", "sentences": []}
    )
    part["heading"] = part["heading"] or said.get("heading", "")
    if said.get("text"):
        part["sentences"].append({"text": said["text"], "clause": clause})
    clauses.add(clause)
    return []
