"""Pages of lists of places, bodies or windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.permissions import access, access_to
from foundation.roles import Role
from foundation.sheets.notes import said as said_of_the_sheet
from foundation.ui.chips import chip
from foundation.ui.files import MIME
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, filters, or_dash, state_of, table
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import labelled, moment
from organizations.city_lists.columns import label_of, said
from organizations.city_lists.kinds import CityListKind, Outcome
from organizations.city_lists.models import CityList
from organizations.city_lists.templates import template_of


class CityLists(ListPage):
    """The lists, newest first."""

    access = access_to(CityList)
    template = "organizations/city_lists/city_lists.html"
    columns = (
        Column(gettext_lazy("文件名"), "file_name"),
        Column(gettext_lazy("清单的内容"), lambda row: row.get_kind_display()),
        Column(gettext_lazy("行数"), "count"),
        Column(gettext_lazy("上传时间"), lambda row: moment(row.created_at)),
        state_of(CityList),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(CityList, self.actor).defer("rows", "shown"))


#: How the outcome of a row looks.
_TONES = {Outcome.NEW: "done", Outcome.CHANGED: "soon", Outcome.UNCHANGED: "calm"}


class ShowCityList(Page):
    """A list row by row: what becomes, or became, of each; ``?outcome=`` shows those of one outcome."""

    access = access_to(CityList)
    template = "organizations/city_lists/city_list.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(CityList.objects.select_related("uploaded_by"), self.actor, pk=pk)
        cells = {row["n"]: row["cells"] for row in found.rows}
        asked = request.GET.get("outcome", "")
        asked = asked if asked in Outcome.values else ""
        page = in_order([row for row in found.shown if asked in ("", row["outcome"])], request)
        return self.render(
            {
                "object": found,
                "notes": said_of_the_sheet(found.notes),
                "page": page,
                "rows": table(self._columns(found.kind, cells), page.rows, names=1),
                "filters": filters(Outcome.choices, asked, "outcome"),
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )

    def _columns(self, kind: str, cells: Mapping[int, Mapping[str, str]]) -> tuple[Column, ...]:
        """The columns of the rows of a list; of one that is new all that its cells say, by its number."""
        return (
            Column(gettext_lazy("行"), lambda row: row["n"]),
            Column(gettext_lazy("名称"), lambda row: row["title"]),
            Column(gettext_lazy("结果"), _outcome),
            Column(
                gettext_lazy("变化"),
                lambda row: or_dash(
                    _formerly(row["formerly"]) + _said(kind, cells.get(row["n"], {}))
                    if row["outcome"] == Outcome.NEW
                    else _changes(kind, row["changes"])
                ),
            ),
        )


def _outcome(row: dict[str, Any]) -> SafeString:
    """What becomes of a row, as a chip."""
    outcome = Outcome(row["outcome"])
    return chip(outcome.label, _TONES[outcome])


def _formerly(name: str) -> SafeString:
    """That the code of a new place is also that of a closed one."""
    words = _("代码和已停用的“%(name)s”一样，会另录一个。") % {"name": name}
    return format_html("<div>{}</div>", words) if name else SafeString()


def _said(kind: str, cells: Mapping[str, str]) -> SafeString:
    """What the cells of a row say besides its name, one line each."""
    lines = ((labelled(label_of(kind, name), text),) for name, text in cells.items() if name != "name")
    return format_html_join("", "<div>{}</div>", lines)


def _changes(kind: str, changes: list[list[str]]) -> SafeString:
    """What changes, one line each: the column, what was there, and what is there then."""
    told = ((name, said(kind, name, before), said(kind, name, after)) for name, before, after in changes)
    lines = (
        (labelled(label_of(kind, name), f"{before} → {after}" if before else after),)
        for name, before, after in told
    )
    return format_html_join("", "<div>{}</div>", lines)


class TemplateFile(Page):
    """A file to be filled in for one kind of list."""

    access = access(GET=(Role.ADMINISTRATOR,))
    kind: str = CityListKind.PLACES

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(template_of(self.kind), content_type=MIME["xlsx"])
        answer["Content-Disposition"] = f'attachment; filename="{self.kind}.xlsx"'
        return answer
