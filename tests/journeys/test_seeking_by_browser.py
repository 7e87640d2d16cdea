"""A search field in a browser: Enter searches, a tick decides, and a search that fails is said."""

from __future__ import annotations

from typing import Any

import pytest

from households.consents.models import Consent
from organizations.providers.models import Provider
from tests import factories

FIELD, LIST = "[name=provider_body-sought]", "#sought-provider_body"


@pytest.fixture
def consent(person) -> Any:
    """Opens the form of a consent: at a desk, on a phone, or without scripts."""
    household = factories.OpenNeed().matter.household
    for _number in range(3):
        factories.AccreditedProvider()

    def open_form(**given: Any) -> Any:
        page = person("chuangkou", **given)
        page.goto(f"{household.get_absolute_url()}give-consent/")
        return page

    return open_form


def name_of_one() -> str:
    provider = Provider.objects.in_good_standing().select_related("organization").latest("pk")
    return provider.organization.name


def found(page: Any, name: str) -> None:
    page.locator(f"{LIST} .checkbox-line", has_text=name).first.wait_for()


def press_button(page: Any) -> None:
    page.get_by_role("button", name="记录单独同意").click()


@pytest.mark.parametrize("given", [{}, {"width": 390, "has_touch": True}, {"java_script_enabled": False}])
def test_enter_searches_and_sends_nothing(consent, given):
    page, name, before = consent(**given), name_of_one(), Consent.objects.count()
    page.locator("[name=form]").select_option(index=1)
    page.fill(FIELD, name)
    page.locator(FIELD).press("Enter")
    found(page, name)
    assert "give-consent" in page.url
    assert page.locator(FIELD).input_value() == name
    assert page.locator(f"{LIST} :checked").count() == 0
    assert Consent.objects.count() == before
    assert not page.locator(".fault-summary").count()


@pytest.mark.parametrize("given", [{}, {"java_script_enabled": False}])
def test_what_is_ticked_decides_and_nothing_else(consent, given):
    page, name, before = consent(**given), name_of_one(), Consent.objects.count()
    page.locator("[name=form]").select_option(index=1)
    page.fill(FIELD, name)
    page.get_by_role("button", name="查找").click()
    found(page, name)
    press_button(page)
    page.locator(".fault-summary").wait_for()
    assert Consent.objects.count() == before
    found(page, name)
    page.get_by_label("不选").first.check()
    press_button(page)
    page.get_by_text("已办理").wait_for()
    assert Consent.objects.count() == before + 1
    assert Consent.objects.latest("pk").provider_body is None


def test_a_tick_by_keyboard_is_recorded(consent):
    page, name = consent(), name_of_one()
    page.locator("[name=form]").select_option(index=1)
    page.locator(FIELD).focus()
    page.keyboard.type(name)
    found(page, name)
    page.locator(f"{LIST} .checkbox-line", has_text=name).locator("input").focus()
    page.keyboard.press("Space")
    press_button(page)
    page.get_by_text("已办理").wait_for()
    assert Consent.objects.latest("pk").provider_body.name == name


@pytest.mark.parametrize("fails", ["abort", "fault", "foreign"])
def test_a_search_that_fails_is_said_and_offers_nothing_under_the_new_text(consent, fails):
    page, name = consent(), name_of_one()
    page.locator(f"{LIST} .checkbox-line").nth(1).locator("input").check()
    answers = {
        "abort": lambda route: route.abort(),
        "fault": lambda route: route.fulfill(status=500, body="x"),
        "foreign": lambda route: route.fulfill(body="<p>Welcome to the hotel</p>"),
    }
    page.route("**/*seek=*", answers[fails])
    page.locator(FIELD).press_sequentially(name[:4])
    page.get_by_text("没有查成").wait_for()
    assert page.locator(f"{LIST} .checkbox-line:visible").count() == 0
    assert page.locator(f"{LIST} :checked").count() == 0
    page.unroute("**/*seek=*")
    page.locator(FIELD).press("Enter")
    found(page, name)
    assert not page.get_by_text("没有查成").is_visible()
    page.faults.clear()


def test_a_slow_search_is_said(consent):
    page, name, waiting = consent(), name_of_one(), []
    page.route("**/*seek=*", lambda route: waiting.append(route))
    page.locator(FIELD).press_sequentially(name[:4])
    page.get_by_text("正在查找").wait_for()
    assert page.locator(f"{LIST} .checkbox-line:visible").count() == 0
    page.wait_for_timeout(1500)  # all letters are typed, and the search of them is on its way
    for route in waiting:
        route.continue_()
    page.unroute("**/*seek=*")
    found(page, name)
    assert not page.get_by_text("正在查找").is_visible()
