"""One click of a list in a browser: what it came to is read where the list is, also that it failed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import factories


@pytest.fixture
def bench(person) -> Any:
    """The workbench of a handler on a phone, with many needs to take up, scrolled to the last."""
    for _number in range(8):
        factories.TransferredNeed(kind="employment")
    page = person("bumen", width=390)
    button = page.locator("#bench form button").last
    button.scroll_into_view_if_needed()
    return page, button


def in_view(page: Any, words: str) -> bool:
    box = page.locator("#messages", has_text=words).bounding_box()
    return 0 <= box["y"] <= 900


def test_what_a_click_came_to_is_in_view_and_the_focus_is_on_it(bench):
    page, button = bench
    button.click()
    page.get_by_text("已办理").wait_for()
    expect(page.locator("#messages")).to_be_focused()
    assert in_view(page, "已办理")


@pytest.mark.parametrize("fails", ["abort", "fault"])
def test_a_click_that_fails_is_said_and_can_be_made_again(bench, fails):
    page, button = bench
    answers = {"abort": lambda route: route.abort(), "fault": lambda route: route.fulfill(status=500)}
    page.route("**/take-up/", answers[fails])
    button.click()
    page.get_by_text("没有办成").wait_for()
    assert in_view(page, "没有办成")
    page.unroute("**/take-up/")
    page.locator("#bench form button:enabled").last.click()
    page.get_by_text("已办理").wait_for()
    page.faults.clear()


def test_a_click_whose_answer_is_slow_waits_for_it(bench):
    page, button = bench
    waiting = []
    page.route("**/take-up/", lambda route: waiting.append(route))
    button.click()
    page.locator("#bench button[aria-busy=true]:disabled").wait_for()
    waiting[0].continue_()
    page.get_by_text("已办理").wait_for()
    assert page.locator("#bench button:disabled").count() == 0
