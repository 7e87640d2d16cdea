"""Pages of simulations."""

from __future__ import annotations

from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.rectifications.views import SHOWN
from evaluations.schemes import drafting
from evaluations.simulations.models import Simulation
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.chips import chip
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, table, under
from foundation.ui.views import Page, find_visible
from foundation.wording import day, money
from organizations.providers.models import Grade


class Simulations(ListPage):
    """The simulations that were run."""

    access = access_to(Simulation)
    template = "evaluations/simulations/simulations.html"
    columns = (
        Column(gettext_lazy("方案"), "scheme.name"),
        Column(gettext_lazy("用哪一轮的数据"), "round.title"),
        Column(gettext_lazy("日期"), lambda row: day(row.created_at)),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Simulation.objects.visible_to(self.actor).select_related("scheme", "round")
        return self.show_list(found.defer("result"))


def _grade(row: dict[str, Any]) -> SafeString | str:
    """The grade by the scheme that is tried, marked where it is another one."""
    return chip(row["grade_name"], "soon", "arrow-left-right") if row["moved"] else row["grade_name"]


def _certainty(row: dict[str, Any]) -> SafeString:
    """How certain the grade is, and which others are likely."""
    return format_html("<span>{}{}</span>", row["sure"], under(row["others"]))


def _exit(row: dict[str, Any]) -> SafeString | str:
    """Whether an exit would be proposed."""
    return chip(_("提出退出"), "late", "circle-alert") if row["exits"] else "—"


#: The columns of grades as (name, providers before, providers after), and of providers.
GRADES = (
    Column(gettext_lazy("等级"), itemgetter(0)),
    Column(gettext_lazy("原结果"), itemgetter(1), "money"),
    Column(gettext_lazy("按这个方案"), itemgetter(2), "money"),
)
PROVIDERS = (
    Column(gettext_lazy("机构"), itemgetter("name")),
    Column(gettext_lazy("原结果"), lambda row: f"{row['before_name']} {row['total_before']}"),
    Column(gettext_lazy("按这个方案"), _grade),
    Column(gettext_lazy("得分（95% 区间）"), itemgetter("interval"), "money", on_phone=gettext_lazy("得分")),
    Column(gettext_lazy("把握"), _certainty),
    Column(gettext_lazy("退出"), _exit),
    Column(gettext_lazy("支付变化（元）"), itemgetter("change"), "money"),
)


class ShowSimulation(Page):
    """One simulation: grades and their certainty, exits, and changes of payments."""

    access = access_to(Simulation)
    template = "evaluations/simulations/simulation.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Simulation, self.actor, pk=pk)
        names = dict(Grade.choices)
        rows = found.result["providers"]
        page = in_order(sorted(rows, key=lambda row: (not _moved(row), row["name"])), request)
        grades = [(names[key], *found.result["grades"][key]) for key in Grade.values]
        before, after = (Decimal(payment) for payment in found.result["payments"])
        return self.render(
            {
                "object": found,
                "page": page,
                "rows": table(PROVIDERS, [_row(row, names) for row in page]),
                "grades": table(GRADES, grades, stacked=False),
                "moved": sum(map(_moved, rows)),
                "before": money(before),
                "after": money(after),
                "change": money(after - before),
                "lines": [(names[key], found.grades[key]) for key in drafting.GRADES],
                "timeline": timeline.entries_of([found]),
            }
        )


def _moved(row: dict[str, Any]) -> bool:
    """Whether the provider would get another grade."""
    return bool(row["before"] != row["grade"])


def _row(found: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    chance = found["chances"].get(found["grade"], 0)
    return {
        **found,
        "before_name": names.get(found["before"], "—"),
        "grade_name": names.get(found["grade"], "—"),
        "moved": _moved(found),
        "interval": f"{found['total']} ({found['low']} — {found['high']})" if found["total"] else "—",
        "sure": f"{chance:.0%}" if found["grade"] else "—",
        "others": " · ".join(
            f"{names[key]} {found['chances'][key]:.0%}"
            for key in Grade.values
            if found["grade"] and found["chances"].get(key, 0) >= SHOWN
        ),
        "change": money(Decimal(found["payment"]) - Decimal(found["payment_before"])),
    }
