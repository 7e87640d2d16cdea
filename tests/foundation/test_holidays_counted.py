"""Deadlines around changed days stand where counting by hand, day after day, puts them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation import moments
from foundation.deadlines.calendar import Entered, Reckoning
from foundation.deadlines.models import Clock
from foundation.holidays import following, moving
from foundation.holidays.days import Day
from foundation.moments import SHANGHAI
from foundation.work_items.models import WorkItem
from tests import factories

#: A Monday.
MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
FIRST = date(2026, 1, 1)
DAYS = st.dictionaries(st.dates(date(2026, 1, 5), date(2026, 12, 20)), st.booleans(), max_size=25)


def by_hand(start: date, count: int, pauses: list[tuple[date, date]], said: dict[date, bool]) -> date:
    """The last day of a deadline: day after day, without anything of the product."""

    def works(day: date) -> bool:
        return said.get(day, day.isoweekday() <= 5)

    for first, last in pauses:
        day = first
        while day < last:
            day = date.fromordinal(day.toordinal() + 1)
            count += works(day)
    day = start
    while count > 0:
        day = date.fromordinal(day.toordinal() + 1)
        count -= works(day)
    return day


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    said=DAYS,
    start=st.datetimes(datetime(2026, 1, 6), datetime(2026, 8, 1)),
    count=st.integers(0, 60),
    pauses=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30)), max_size=3),
)
def test_a_deadline_is_where_counting_by_hand_puts_it(said, start, count, pauses):
    spans, day = [], start.date()
    for gap, long in pauses:
        first = day + timedelta(days=gap)
        day = first + timedelta(days=long)
        spans.append((first, day))
    reckoning = Reckoning(Entered({FIRST: False, **said}, frozenset({2026, 2027})))
    lost = moving._lost([[str(first), str(last)] for first, last in spans], reckoning)
    due = reckoning.due(start.date(), count + lost)
    assert due.at == datetime.combine(
        by_hand(start.date(), count, spans, {FIRST: False, **said}) + timedelta(days=1),
        datetime.min.time(),
        SHANGHAI,
    )
    assert not due.provisional


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.sets(st.dates(date(2026, 3, 3), date(2026, 3, 20)), min_size=1, max_size=8))
def test_a_running_deadline_moves_to_where_counting_by_hand_puts_it(said):
    with moments.as_of(MONDAY):
        need = factories.OpenNeed(kind="living")
        days = [Day(day, day.isoweekday() > 5, "调整") for day in sorted(said)]
        factories.a_whole_year(2026, *days)
        following.follow()
    changed = {FIRST: False, **{day.day: day.working for day in days}}
    last = by_hand(MONDAY.date(), 2, [], changed)
    clock = Clock.objects.get(lifecycle="referrals.Need", object_id=need.pk, rule_key="need.transfer")
    assert (clock.due_at - timedelta(seconds=1)).astimezone(SHANGHAI).date() == last
    assert WorkItem.objects.filter(object_id=need.pk, lifecycle="referrals.Need")[0].due_at == clock.due_at
