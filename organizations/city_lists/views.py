"""Pages of lists of places, bodies or windows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.permissions import access, access_to
from foundation.roles import Role
from foundation.sheets.notes import said as said_of_the_sheet
from foundation.ui.chips import chip
from foundation.ui.files import MIME
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, filters, lines_of, or_dash, state_of, table
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import moment
from organizations.city_lists.kinds import CityListKind, Outcome
from organizations.city_lists.models import CityList
from organizations.city_lists.telling import Telling
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
        telling = Telling(found.kind, found.rows)
        asked = request.GET.get("outcome", "")
        asked = asked if asked in Outcome.values else ""
        page = in_order([row for row in found.shown if asked in ("", row["outcome"])], request)
        return self.render(
            {
                "object": found,
                "notes": said_of_the_sheet(found.notes),
                "page": page,
                "rows": table(self._columns(telling), page.rows, names=1),
                "filters": filters(Outcome.choices, asked, "outcome"),
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )

    def _columns(self, telling: Telling) -> tuple[Column, ...]:
        """The columns of the rows of a list."""
        return (
            Column(gettext_lazy("行"), lambda row: row["n"]),
            Column(gettext_lazy("名称"), lambda row: row["title"]),
            Column(gettext_lazy("结果"), _outcome),
            Column(
                gettext_lazy("变化"),
                lambda row: or_dash(lines_of(lines) if (lines := telling.lines_of(row)) else ""),
            ),
        )


def _outcome(row: dict[str, Any]) -> SafeString:
    """What becomes of a row, as a chip."""
    outcome = Outcome(row["outcome"])
    return chip(outcome.label, _TONES[outcome])


class TemplateFile(Page):
    """A file to be filled in for one kind of list."""

    access = access(GET=(Role.ADMINISTRATOR,))
    kind: str = CityListKind.PLACES

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(template_of(self.kind), content_type=MIME["xlsx"])
        answer["Content-Disposition"] = f'attachment; filename="{self.kind}.xlsx"'
        return answer
