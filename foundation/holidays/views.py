"""Pages of holidays: a year with its notices, one notice, and the deadlines that moved with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.deadlines import calendar
from foundation.deadlines.models import CalendarDay
from foundation.forms import typed
from foundation.holidays import announcing, previewing, showing
from foundation.holidays.days import together
from foundation.holidays.models import HolidayNotice, MovedDeadline
from foundation.holidays.states import HolidayStatus
from foundation.journal import timeline
from foundation.lifecycle.phases import ASKED
from foundation.lifecycle.table import LIFECYCLES
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of, table, under
from foundation.ui.tabs import Tab
from foundation.ui.views import Page, find_visible
from foundation.wording import day, until


def _names(year: int) -> dict[date, str]:
    """The names of the days of a year that were entered."""
    return dict(CalendarDay.objects.filter(day__year=year).values_list("day", "words"))


def _in_range(year: int) -> bool:
    return announcing.FIRST_YEAR <= year <= moments.today().year + announcing.YEARS_AHEAD


def _days(notice: HolidayNotice) -> str:
    """The days that a notice names, as many."""
    return str(len(notice.days))


class Holidays(ListPage):
    """A year as twelve months, with the notices of all years."""

    access = access_to(HolidayNotice)
    template = "foundation/holidays/holidays.html"
    columns = (
        Column(gettext_lazy("放假安排"), lambda row: str(row)),
        Column(gettext_lazy("文号"), "number"),
        Column(gettext_lazy("发文日期"), lambda row: day(row.issued_on)),
        Column(gettext_lazy("写明的日子"), _days),
        state_of(HolidayNotice),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        this_year = moments.today().year
        year = typed.whole_number(request.GET.get("year", ""), longest=4) or this_year
        if not _in_range(year):
            year = this_year
        reckoning = calendar.Reckoning(calendar.entered())
        shown: dict[str, Any] = {
            "year": year,
            "months": showing.year_of(year, reckoning, _names(year)),
            "certain": not reckoning.is_working(date(year, 6, 1))[1],
            "years": [
                Tab(f"{reverse('holidays')}?year={each}", str(each), each == year)
                for each in range(this_year - 1, this_year + announcing.YEARS_AHEAD + 1)
            ],
        }
        return self.show_list(HolidayNotice.objects.visible_to(self.actor), **shown)


#: The days of a notice as rows of a table.
DAYS = (
    Column(gettext_lazy("日期"), lambda row: _span(*row)),
    Column(gettext_lazy("安排"), lambda row: showing.kind_of(row[0])),
    Column(gettext_lazy("名称"), lambda row: row[0].words),
)


def _span(first: Any, last: date) -> str:
    return day(first.day) if first.day == last else f"{day(first.day)} – {day(last)}"


class ShowNotice(Page):
    """A notice with its days, and what it would do to running deadlines or has done."""

    access = access_to(HolidayNotice)
    template = "foundation/holidays/notice.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = find_visible(HolidayNotice, self.actor, pk=pk)
        asked = notice.status in HolidayStatus.in_phase(ASKED)
        effect = previewing.effect_of(notice, self.actor) if asked else None
        return self.render(
            {
                "object": notice,
                "days": table(DAYS, together(notice.listed)),
                "effect": effect,
                "transitions": notice.transitions_for(self.actor),
                "timeline": timeline.entries_of([notice]),
            }
        )


class Moved(ListPage):
    """The deadlines that moved with one notice."""

    access = access_to(MovedDeadline)
    template = "foundation/holidays/moved.html"
    columns = (
        Column(gettext_lazy("对象"), "object_name"),
        Column(gettext_lazy("原到期"), lambda row: until(row.before)),
        Column(gettext_lazy("现到期"), lambda row: until(row.after)),
    )

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = find_visible(HolidayNotice, self.actor, pk=pk)
        found = MovedDeadline.objects.visible_to(self.actor).filter(notice=notice)
        return self.show_list(found, notice=notice)

    def address_of(self, row: MovedDeadline) -> str:
        """The page of the object whose deadline moved."""
        return row.link

    def mark(self, row: MovedDeadline) -> Any:
        """The kind of the object, under its name."""
        return under(LIFECYCLES[row.lifecycle].title)


class ModelFile(Page):
    """A CSV file to fill in, with the days of a year as they are known or estimated by now."""

    access = access_to(HolidayNotice)

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        if not _in_range(year):
            raise Http404
        reckoning = calendar.Reckoning(calendar.entered())
        content = showing.model_file(year, reckoning, _names(year))
        answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="holidays-{year}.csv"'
        return answer
