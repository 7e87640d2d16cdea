"""Who may vote on an exit, and for whom it waits, may change with the day alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluations.exits.models import Exit
from foundation import moments
from foundation.lifecycle.table import LIFECYCLES
from foundation.roles import Role
from foundation.work_items import making, rebuilding
from foundation.work_items.models import WorkItem
from organizations.people.models import Membership
from tests import factories
from tests.evaluations.judging import in_days
from tests.evaluations.leaving import PANEL, heard, people

#: Days after a hearing: the next one, the turn of a month, the fourth year.
LATER = (1, 2, 40, 1100)


def of_the_panel(exit_: Exit) -> dict[int, set[str]]:
    """The roles in which the exit is shown to each person of its panel."""
    items = WorkItem.objects.filter(lifecycle=Exit._meta.label, object_id=exit_.pk, user_id__in=exit_.panel)
    return {user: {item.role for item in items if item.user_id == user} for user in exit_.panel}


def worked_at(exit_: Exit, person: int, *, until: int) -> None:
    """The person worked at the provider until so many days from now."""
    today = moments.today()
    Membership.objects.filter(user=person, role=Role.EVALUATOR).update(valid_from=moments.today())
    Membership.objects.create(
        user_id=person,
        role=Role.COORDINATOR,
        organization=exit_.provider.organization,
        valid_from=today - timedelta(days=4000),
        valid_to=today + timedelta(days=until),
    )


def test_a_vote_waits_for_the_people_of_the_panel_in_the_role_that_each_holds():
    exit_ = heard(factories.AccreditedProvider())
    official, *experts = people(*PANEL)
    assert of_the_panel(exit_) == {official: {"civil_affairs"}} | {pk: {"evaluator"} for pk in experts}


def test_an_employment_of_three_years_ago_keeps_nobody_from_the_vote_on_the_day_after():
    exit_ = heard(factories.AccreditedProvider())
    expert = people("pinggu4")[0]
    worked_at(exit_, expert, until=-365 * 3)
    rebuilding.follow_the_day()
    item = WorkItem.objects.get(lifecycle=Exit._meta.label, object_id=exit_.pk, user_id=expert)
    assert expert in item.kept_from
    with in_days(1):
        assert rebuilding.follow_the_day() > 0
        item.refresh_from_db()
        assert expert not in item.kept_from
        assert list(rebuilding.rebuild()) == []


def test_a_rule_on_former_employments_is_followed_as_soon_as_it_is_in_force():
    exit_ = heard(factories.AccreditedProvider())
    expert = people("pinggu4")[0]
    worked_at(exit_, expert, until=-365 * 3 - 1)
    rebuilding.follow_the_day()
    item = WorkItem.objects.get(lifecycle=Exit._meta.label, object_id=exit_.pk, user_id=expert)
    assert expert not in item.kept_from
    factories.rule("ties.years", years=4)
    item.refresh_from_db()
    assert expert in item.kept_from


def test_a_role_that_begins_or_ends_has_its_items_from_that_day_on():
    exit_ = heard(factories.AccreditedProvider())
    official, leaving, staying = people(*PANEL)
    today = moments.today()
    Membership.objects.filter(user_id=leaving).update(valid_to=today)
    Membership.objects.create(
        user_id=staying,
        role=Role.CIVIL_AFFAIRS,
        valid_from=today + timedelta(days=2),
        alongside=[Role.EVALUATOR],
    )
    with in_days(1):
        rebuilding.follow_the_day()
        assert of_the_panel(exit_) == {official: {"civil_affairs"}, leaving: set(), staying: {"evaluator"}}
    with in_days(2):
        rebuilding.follow_the_day()
        assert of_the_panel(exit_)[staying] == {"civil_affairs", "evaluator"}


@pytest.mark.story
def test_on_later_days_the_items_are_what_the_objects_give_then(db):
    exit_ = heard(factories.AccreditedProvider())
    for person, until in zip(people("pinggu4", "pinggu5"), (-365 * 3, -365 * 3 + 1), strict=True):
        worked_at(exit_, person, until=until)
    changed = []
    for days in LATER:
        with in_days(days):
            changed.append(rebuilding.follow_the_day())
            assert list(rebuilding.rebuild()) == []
    assert changed[0] and changed[1]


@pytest.mark.story
def test_only_items_of_lifecycles_that_say_so_ask_the_date(db, monkeypatch):
    heard(factories.AccreditedProvider())
    asking: set[str] = set()
    for label, lifecycle in LIFECYCLES.items():
        with monkeypatch.context() as patched:
            patched.setattr(moments, "now", lambda label=label, now=moments.now: asking.add(label) or now())
            objects = list(lifecycle.model._default_manager.all()[:200])
            if objects:
                making.items_of(lifecycle, objects)
    assert Exit._meta.label in asking
    assert asking <= {label for label, lifecycle in LIFECYCLES.items() if lifecycle.by_day}
