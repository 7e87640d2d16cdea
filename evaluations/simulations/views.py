"""Pages of simulations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from evaluations.rectifications.views import SHOWN
from evaluations.rounds.views import OVERSIGHT
from evaluations.schemes import drafting
from evaluations.simulations.models import Simulation
from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column
from foundation.ui.views import Page, find_visible
from foundation.wording import day, money
from organizations.providers.models import Grade


class Simulations(ListPage):
    """The simulations that were run."""

    access = access(GET=OVERSIGHT)
    template = "evaluations/simulations/simulations.html"
    columns = (
        Column(gettext_lazy("方案"), "scheme.name"),
        Column(gettext_lazy("用哪一轮的数据"), "round.title"),
        Column(gettext_lazy("日期"), lambda row: day(row.created_at)),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Simulation.objects.visible_to(self.actor).select_related("scheme", "round")
        return self.show_list(found, may_run=self.actor.role == Role.CIVIL_AFFAIRS)


class ShowSimulation(Page):
    """One simulation: grades and their certainty, exits, and changes of payments."""

    access = access(GET=OVERSIGHT)
    template = "evaluations/simulations/simulation.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Simulation, self.actor, pk=pk)
        names = dict(Grade.choices)
        rows = [_row(provider, names) for provider in found.result["providers"]]
        before, after = (Decimal(payment) for payment in found.result["payments"])
        return self.render(
            {
                "object": found,
                "rows": sorted(rows, key=lambda row: (not row["moved"], row["name"])),
                "grades": [(names[key], *found.result["grades"][key]) for key in Grade.values],
                "moved": sum(row["moved"] for row in rows),
                "before": money(before),
                "after": money(after),
                "change": money(after - before),
                "lines": [(names[key], found.grades[key]) for key in drafting.GRADES],
                "timeline": timeline.entries_of([found]),
            }
        )


def _row(found: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    chance = found["chances"].get(found["grade"], 0)
    return {
        **found,
        "before_name": names.get(found["before"], "—"),
        "grade_name": names.get(found["grade"], "—"),
        "moved": found["before"] != found["grade"],
        "interval": f"{found['total']} ({found['low']} — {found['high']})" if found["total"] else "—",
        "sure": f"{chance:.0%}" if found["grade"] else "—",
        "others": " · ".join(
            f"{names[key]} {found['chances'][key]:.0%}"
            for key in Grade.values
            if found["grade"] and found["chances"].get(key, 0) >= SHOWN
        ),
        "change": money(Decimal(found["payment"]) - Decimal(found["payment_before"])),
    }
