"""The page of a supplementary agreement."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from contracts.amendments.models import Amendment
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.tables import Column, table
from foundation.ui.views import Page, find_visible
from foundation.wording import figure, money


def _signed(number: Decimal | int, shown: str) -> str:
    """A difference in words, where more has a plus before it."""
    return f"+{shown}" if number > 0 else shown


def _quantity(change: str, mark: SafeString) -> Callable[[dict[str, Any]], SafeString]:
    """Cells with the quantity before or after, marked as taken out or put in."""
    return lambda row: format_html("<span>{} {}</span>", format_html(mark, figure(row[change])), row["unit"])


#: The columns of the lines that an amendment changes.
LINES = (
    Column(gettext_lazy("服务项目"), lambda row: f"{row['code']} {row['name']}"),
    Column(gettext_lazy("单价（元）"), lambda row: money(row["price"]), "money"),
    Column(gettext_lazy("原数量"), _quantity("before", SafeString("<del>{}</del>")), "money"),
    Column(gettext_lazy("新数量"), _quantity("after", SafeString("<ins>{}</ins>")), "money"),
    Column(gettext_lazy("增减"), lambda row: _signed(row["more"], str(row["more"])), "money"),
    Column(gettext_lazy("金额变化（元）"), lambda row: _signed(row["cost"], money(row["cost"])), "money"),
)


class ShowAmendment(Page):
    """A supplementary agreement: each line before and after, and the difference in cost (CNY)."""

    access = access_to(Amendment)
    template = "contracts/amendments/amendment.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        amendment = find_visible(Amendment, self.actor, pk=pk)
        rows = [
            {
                **line,
                "more": line["after"] - line["before"],
                "cost": Decimal(line["price"]) * (line["after"] - line["before"]),
            }
            for line in amendment.lines
        ]
        return self.render(
            {
                "object": amendment,
                "rows": rows and table(LINES, rows),
                "signatures": amendment.signatures.all(),
                "transitions": amendment.transitions_for(self.actor),
                "timeline": timeline.entries_of([amendment]),
            }
        )
