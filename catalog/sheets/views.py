"""The page of an import."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from catalog.sheets import previewing, writing
from catalog.sheets.models import Import
from catalog.sheets.previewing import Line
from catalog.sheets.states import ImportStatus
from foundation.journal import timeline
from foundation.permissions import access, access_to
from foundation.roles import Role
from foundation.ui.chips import chip
from foundation.ui.files import MIME
from foundation.ui.tables import Column, drawn, table
from foundation.ui.views import Page, find_visible

#: What becomes of a row, by its verdict: in words, with a tone and an icon.
VERDICTS = {
    "added": (gettext_lazy("新增"), "done", "plus"),
    "changed": (gettext_lazy("修改"), "soon", "pencil"),
    "removed": (gettext_lazy("删除"), "late", "minus"),
    "refused": (gettext_lazy("不能导入"), "late", "circle-x"),
}
UNCHANGED = (gettext_lazy("不变"), "calm", "equal")


def _verdict(line: Line) -> SafeString:
    """What becomes of a row, as a chip."""
    words, tone, icon = VERDICTS.get(line.verdict, UNCHANGED)
    return chip(str(words), tone, icon)


#: The columns of the rows of a file.
LINES = (
    Column(gettext_lazy("行"), lambda line: line.number or "—"),
    Column(gettext_lazy("代码"), "code", "nowrap"),
    Column(gettext_lazy("名称"), "name"),
    Column(gettext_lazy("结果"), _verdict),
    Column(gettext_lazy("说明"), drawn("catalog/sheets/explained.html", "line"), "text-small"),
)


class ShowImport(Page):
    """What each row of an uploaded file would do, with the form to import it."""

    access = access_to(Import)
    template = "catalog/sheets/import.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        waiting = find_visible(Import, self.actor, pk=pk)
        open_now = not ImportStatus(waiting.status).over
        preview = previewing.preview(waiting) if open_now else None
        return self.render(
            {
                "object": waiting,
                "preview": preview,
                "lines": preview and table(LINES, preview.lines, names=2),
                "transitions": waiting.transitions_for(self.actor),
                "timeline": timeline.entries_of([waiting]),
                "key": uuid.uuid4().hex,
            }
        )


class BlankFile(Page):
    """A catalog to be filled in."""

    access = access(GET=(Role.CIVIL_AFFAIRS,))

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(writing.blank(), content_type=MIME["xlsx"])
        answer["Content-Disposition"] = 'attachment; filename="catalog.xlsx"'
        return answer
