"""Two families at one window, slow lines, and a sign-in that ends in the middle."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from referrals.matters.models import Matter
from tests import factories

pytestmark = [pytest.mark.story, pytest.mark.browser]

INTAKE = "/matters/new/accept_application/"
STORY = "丈夫被抓，没有收入"
#: Milliseconds after which the page saves what is typed, and tries again what it could not.
A_PAUSE, A_WHILE = 1000, 16_000


def begin(page, number: str):
    page.clock.install()
    page.goto(INTAKE)
    with page.expect_response("**/intake/household/"):
        page.locator("[name=id_number]").press_sequentially(number)
    page.locator("#known [name=name]").wait_for()
    page.fill("[name=name]", "李秀珍")
    page.fill("[name=size]", "2")
    page.select_option("[name=category]", index=1)
    page.locator("[name=place]").select_option(index=1)
    page.get_by_label("基本生活困难").check()
    page.check("[name=consent]")
    with page.expect_response(lambda answer: saves(answer, STORY)):
        page.fill("[name=story]", STORY)
        page.clock.run_for(A_PAUSE)


def saves(answer, words: str) -> bool:
    """Whether this is the answer to a save that held these words."""
    return "/drafts/" in answer.url and quote(words, safe="") in (answer.request.post_data or "")


def shown(page) -> str:
    """Everything that stands in the fields of the form, and what is ticked."""
    return page.evaluate(
        """() => [...document.querySelector("main form[enctype]").elements]
          .filter((each) => each.type === "checkbox" ? each.checked : !["hidden", "submit"].includes(each.type))
          .map((each) => each.type === "checkbox" ? each.name : each.value).join(" ")"""
    )


def test_the_next_family_gets_an_empty_form_and_the_first_can_go_on(own_database, person):
    page = person("chuangkou")
    begin(page, factories.new_id_number())
    page.goto("/workbench/")
    page.goto(INTAKE)
    for words in (STORY, "李秀珍", "consent", "living"):
        assert words not in shown(page)
    page.get_by_role("link", name="继续 李**").click()
    page.locator("#taken-up").wait_for()
    assert STORY in shown(page)
    assert "consent" not in shown(page)


@pytest.mark.parametrize("known", [False, True])
def test_another_number_in_the_same_form_empties_it(own_database, person, known):
    page = person("chuangkou")
    first, second = factories.new_id_number(), factories.new_id_number()
    if known:
        factories.AcceptedMatter(id_number=second)
    begin(page, first)
    key = page.input_value("#form-key")
    page.fill("[name=id_number]", second)
    page.get_by_text("已换成另一户").wait_for()
    for words in (STORY, "李秀珍", "consent", "living"):
        assert words not in shown(page)
    assert page.input_value("#form-key") != key
    with page.expect_response("**/drafts/**"):
        page.fill("[name=story]", "腿脚不便")
    page.goto(f"{INTAKE}?draft={key}")
    assert STORY in shown(page)
    assert first in shown(page)


def test_a_save_that_lands_after_a_slow_sending_leaves_nothing_for_the_next(own_database, person):
    page = person("chuangkou")
    begin(page, factories.new_id_number())
    held = []
    page.route("**/drafts/**", lambda route: held.append(route))
    with page.expect_request("**/drafts/**"):
        page.fill("[name=story]", f"{STORY}，很急")
        page.clock.run_for(A_PAUSE)
    key = page.input_value("#form-key")
    late = {"headers": held[0].request.headers, "data": held[0].request.post_data}
    page.click("form[enctype] .button.primary")
    page.wait_for_url("**/matters/SL-*/")
    answer = page.request.post(held[0].request.url, **late)
    assert answer.status == 409
    page.unroute("**/drafts/**")
    page.goto(INTAKE)
    assert STORY not in shown(page)
    assert key not in page.content()


def test_a_sign_in_that_ends_while_typing_says_so_in_place(own_database, person):
    page = person("chuangkou")
    begin(page, factories.new_id_number())
    page.context.clear_cookies(name="sessionid")
    page.fill("[name=story]", f"{STORY}，还在写")
    page.locator("#ended").get_by_text("登录已过期").wait_for()
    assert page.locator("[name=password]").count() == 0
    assert "还在写" in shown(page)
    with page.context.expect_page() as opened:
        page.locator("#ended a").click()
    there = opened.value
    there.fill("[name=username]", "chuangkou")
    there.fill("[name=password]", "liandong-2026")
    there.click("main form button")
    there.wait_for_url("**/workbench/")
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.locator("#ended p").wait_for(state="detached")
    before = Matter.objects.count()
    page.click("form[enctype] .button.primary")
    page.wait_for_url("**/matters/SL-*/")
    assert Matter.objects.count() == before + 1
    page.faults.clear()  # 401, as it should be


def test_what_is_sent_after_the_sign_in_has_ended_stands_there_again(own_database, person):
    page = person("chuangkou")
    begin(page, factories.new_id_number())
    before = Matter.objects.count()
    page.context.clear_cookies(name="sessionid")
    page.click("form[enctype] .button.primary")
    page.get_by_text("刚才填的内容已保存").wait_for()
    assert STORY not in page.content()
    page.fill("[name=username]", "chuangkou")
    page.fill("[name=password]", "liandong-2026")
    page.click("main form button")
    page.locator("#taken-up").wait_for()
    assert STORY in shown(page)
    assert "consent" not in shown(page)
    assert Matter.objects.count() == before
    page.check("[name=consent]")
    page.click("form[enctype] .button.primary")
    page.wait_for_url("**/matters/SL-*/")
    assert Matter.objects.count() == before + 1
    page.faults.clear()


def test_going_back_after_the_sending_shows_nothing_of_the_family_before(own_database, person):
    """The browser puts nothing into the form by itself: neither words nor the consent."""
    page = person("chuangkou")
    begin(page, factories.new_id_number())
    page.click("form[enctype] .button.primary")
    page.wait_for_url("**/matters/SL-*/")
    page.go_back()
    page.wait_for_url(f"**{INTAKE}")
    page.wait_for_load_state()
    for words in (STORY, "李秀珍", "consent", "living"):
        assert words not in shown(page)


def test_going_back_to_an_unsent_form_offers_its_words_by_name(own_database, person):
    page = person("chuangkou")
    begin(page, factories.new_id_number())
    page.goto("/workbench/")
    page.go_back()
    page.wait_for_url(f"**{INTAKE}")
    page.get_by_role("link", name="李**").wait_for()
    for words in (STORY, "李秀珍", "consent", "living"):
        assert words not in shown(page)


def test_a_sent_form_that_the_browser_has_kept_whole_is_opened_anew(own_database, person):
    """Some browsers freeze the page as it was left; coming back to it is no new form."""
    page = person("chuangkou")
    begin(page, factories.new_id_number())
    thawed = "window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    page.evaluate(thawed)
    assert STORY in shown(page)  # not sent yet: it stands as it was left
    page.evaluate(
        """document.querySelector("form[enctype]").dispatchEvent(
          new Event("submit", {bubbles: true, cancelable: true}))"""
    )
    with page.expect_navigation():
        page.evaluate(thawed)
    assert STORY not in shown(page)


def test_no_browser_remembers_what_was_typed_about_people(own_database, person):
    """On a machine that several use, nothing is offered of whoever was here before."""
    page = person("chuangkou")
    for path in (INTAKE, "/households/", "/search/", "/apply/"):
        page.goto(path)
        assert page.evaluate(
            """() => [...document.querySelectorAll("form:has(input:not([type=hidden]), textarea)")]
              .every((each) => each.autocomplete === "off")"""
        ), path


def test_the_browser_stores_no_picture_of_a_page_with_somebodys_number(own_database, person):
    page = person("chuangkou")
    first, second = factories.new_id_number(), factories.new_id_number()
    begin(page, first)
    page.fill("[name=id_number]", second)
    page.get_by_text("已换成另一户").wait_for()
    kept = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    for words in (first, second, STORY, "李秀珍", "李**"):
        assert words not in kept


def test_the_way_back_through_searches_shows_what_was_found_before(own_database, person):
    page = person()
    page.goto("/")
    with page.expect_response("**q=B01.01*"):
        page.fill("#q", "B01.01")
    page.wait_for_url("**q=B01.01*")
    with page.expect_response("**q=C01.01*"):
        page.fill("#q", "C01.01")
    page.wait_for_url("**q=C01.01*")
    page.go_back()
    page.wait_for_url("**q=B01.01*")
    page.locator("#items").get_by_text("B01.01").first.wait_for()
    assert page.locator("header.top-bar").count() == 1
    assert page.input_value("#q") == "B01.01"


@pytest.mark.parametrize("how", ["dead", "server", "portal"])
def test_a_save_that_fails_is_said_and_tried_again(own_database, person, how):
    page = person("chuangkou")
    begin(page, factories.new_id_number())
    page.locator("#saved").get_by_text("已保存").wait_for()

    def fail(route):
        if how == "dead":
            return route.abort()
        return route.fulfill(
            status={"server": 502, "portal": 200}[how], content_type="text/html", body="<h1>WiFi</h1>"
        )

    page.route("**/drafts/**", fail)
    page.fill("[name=story]", f"{STORY}，还在写")
    page.locator("#saved").get_by_text("还没有保存").wait_for()
    assert "已保存" not in page.inner_text("#saved")
    assert "WiFi" not in page.content()
    page.unroute("**/drafts/**")
    with page.expect_response("**/drafts/**") as saved:
        page.clock.run_for(A_WHILE)  # by itself
    assert saved.value.status == 200
    page.locator("#saved").get_by_text("已保存").wait_for()
    page.faults.clear()
