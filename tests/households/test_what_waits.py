"""What waits about a household is of its case: its page says it, and one row of the workbench holds it."""

from __future__ import annotations

import pytest

from foundation.work_items.models import WorkItem
from households.corrections import correcting
from households.relocations import moving
from marketplace.workbench import waiting
from organizations.places.models import Place
from tests import factories
from tests.households.asking import HERE, THERE, asked


@pytest.fixture
def corrected(household, window):
    return correcting.propose(
        by=window,
        household=household,
        person=household.head.person,
        id_number=factories.new_id_number(),
        why="核对原件",
    )


@pytest.fixture
def moved(household, window):
    place = Place.objects.get(name="华士社区")
    return moving.propose(by=window, household=household, place=place, address="幸福路 1 号")


def test_the_page_of_a_household_says_who_has_to_follow(corrected, household, client_of):
    page = client_of("chuangkou").get(household.get_absolute_url()).content.decode()
    assert page.index("等待办理") < page.index("复核更正</a>") < page.index("须由另一人办理")
    other = client_of("minzheng").get(household.get_absolute_url()).content.decode()
    assert f'href="{corrected.get_absolute_url()}confirm/"' in other


def test_all_that_waits_about_a_household_is_one_row(corrected, moved, window):
    items = WorkItem.objects.filter(lifecycle__startswith="households.")
    assert set(items.values_list("case", flat=True)) == {corrected.household.case_key()}
    bench = waiting.open_for(window)
    rows = [row for row in (*bench.to_do, *bench.others) if row.item.case == corrected.household.case_key()]
    assert [row.others for row in rows] == [1]


def test_the_window_that_asks_for_a_second_home_is_not_told_where_it_is(api_of, home, own, number, client_of):
    joining = asked(api_of, home, own, number)
    assert {item.case for item in WorkItem.objects.filter(lifecycle=joining._meta.label)} == {own.case_key()}
    page = client_of(HERE).get(own.get_absolute_url()).content.decode()
    assert joining.get_absolute_url() in page
    assert factories.window_of(home.town).organization_name not in page
    assert "确认" in client_of(THERE).get(joining.get_absolute_url()).content.decode()


def test_why_a_household_is_not_closed_stands_where_its_button_would(household, client_of):
    page = client_of("chuangkou").get(household.get_absolute_url()).content.decode()
    assert f'href="{household.get_absolute_url()}close/"' not in page
    assert "还没有办结，不能注销" in page
