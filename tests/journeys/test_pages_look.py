"""Every role's main pages in a real browser: nothing sticks out, and everybody can use them."""

from __future__ import annotations

import re

import pytest

from demo.management.commands.screenshots import pages_of
from foundation.roles import PEOPLE
from tests import factories
from tests.accounts import USERS
from tests.journeys.looking import DESK, PHONE, brings_axe, faults, flaws

pytestmark = [pytest.mark.story, pytest.mark.browser]


@pytest.mark.parametrize("role", ["public", *PEOPLE])
def test_every_main_page_is_accessible_and_fits_both_widths(role, person):
    username = "" if role == "public" else USERS[role]
    pages = list(pages_of(role))
    assert len(pages) >= 4
    wrong: list[tuple[str, object]] = []
    page = brings_axe(person(username))
    for name, path in pages:
        answer = page.goto(path)
        assert answer.status == 200, path
        found = [*flaws(page, DESK), *faults(page), *flaws(page, PHONE)]
        wrong += [(name, fault) for fault in found]
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_holds_in_light_and_dark(scheme, person):
    page = brings_axe(person("chuangkou", color_scheme=scheme))
    for path in ("/workbench/", "/matters/new/accept_application/", "/"):
        page.goto(path)
        assert faults(page, runOnly=["color-contrast"]) == [], path


def test_the_elder_mode_is_large_and_still_fits_a_phone(person):
    page = person(width=390)
    page.goto("/")
    page.get_by_title("大字版").click()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    for path in ("/", "/help/", "/funds/", "/sign-in/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path


def test_the_english_pages_fit_a_phone(person):
    page = person("chuangkou", width=390)
    page.goto("/workbench/")
    page.get_by_role("button", name="English").click()
    for path in ("/workbench/", "/", "/help/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path


def test_the_search_box_opens_by_keyboard(person):
    page = person("chuangkou")
    page.keyboard.press("Control+k")
    page.keyboard.type("ZJ-")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=ZJ-")
    assert page.locator("main a").count() >= 1


def test_the_first_tab_skips_to_the_content(person):
    page = person()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"


def test_what_is_typed_survives_a_closed_page(person):
    page = person("chuangkou")
    page.goto("/matters/new/accept_application/")
    page.fill("[name=story]", "屋里没有取暖")
    page.get_by_text(re.compile("已保存 \\d+:\\d+")).wait_for()
    page.goto("/workbench/")
    page.goto("/matters/new/accept_application/")
    assert page.input_value("[name=story]") == ""
    page.get_by_role("link", name="继续").click()
    assert page.input_value("[name=story]") == "屋里没有取暖"


def test_a_known_household_is_asked_for_nothing_that_the_city_knows(person):
    number = factories.new_id_number()
    factories.AcceptedMatter(id_number=number)
    page = person("chuangkou")
    page.goto("/matters/new/accept_application/")
    page.fill("[name=id_number]", number)
    page.get_by_text("系统已有这户家庭").wait_for()
    asked = page.locator("[name=name], [name=category], [name=size], [name=address]")
    assert asked.filter(visible=True).count() == 0
    page.get_by_label("心理疏导").check()
    page.locator("main form button", has_text="受理申请").click()
    page.wait_for_url("**/matters/SL-*/")


def test_a_wrong_number_is_told_while_it_is_typed(person):
    page = person("chuangkou")
    page.goto("/matters/new/accept_application/")
    page.fill("[name=id_number]", "320281194403080021")
    page.locator("#known").get_by_text("校验不通过").wait_for()
