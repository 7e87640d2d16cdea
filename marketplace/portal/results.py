"""The public page of results of assistance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.permissions import ANYONE, access
from foundation.ui.tables import Column, or_dash, table
from foundation.ui.views import Page
from foundation.wording import money, percent
from referrals.results import publishing
from referrals.results.publishing import Line

#: The columns of figures by kind of need.
FIGURES = (
    Column(gettext_lazy("需求"), "label"),
    Column(gettext_lazy("已答复（户）"), "answered", "money"),
    Column(gettext_lazy("按时反馈"), lambda row: percent(row.in_time), "money"),
    Column(gettext_lazy("满意度（5 分）"), lambda row: or_dash(row.satisfaction), "money"),
)


def _average(line: Line) -> str:
    """The average of one help in CNY; a service has none."""
    return money(str(line.amount)) if line.amount else _("服务")


#: The columns of what was given, by town and category.
LINES = (
    Column(gettext_lazy("镇街"), "town"),
    Column(gettext_lazy("救助类别"), "category"),
    Column(gettext_lazy("帮助"), "what"),
    Column(gettext_lazy("户数"), "households", "money"),
    Column(gettext_lazy("平均每项（约，元）"), _average, "money"),
)


class Results(Page):
    """Figures and cases of the last weeks, without names."""

    access = access(GET=ANYONE)
    template = "portal/results.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        results = publishing.results()
        figures, lines = table(FIGURES, results.figures), table(LINES, results.lines)
        return self.render({"results": results, "figures": figures, "lines": lines})
