"""No visit is lost: no network, a dead one, an ended sign-in, a fault, another person."""

from __future__ import annotations

import pytest

from demo.starter.cases import told_code
from foundation.roles import Role
from organizations.people.models import Membership, User
from tests import factories
from tests.journeys.door import (
    LISTED,
    NOTE,
    PRIVATE,
    at_the_door,
    end_sign_in,
    known_by,
    new_visits,
    nothing_waits,
    sign_in,
    stored,
    write,
)

pytestmark = [pytest.mark.story, pytest.mark.browser]


@pytest.fixture
def case(own_database):
    """A referral in service, who serves it, and a colleague of the same provider."""
    referral = factories.ReferralInService()
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    colleague = User.objects.create(username="tongshi", full_name="同事", email="")
    Membership.objects.create(
        user=colleague,
        role=Role.COORDINATOR,
        organization=referral.provider.organization,
        valid_from="2020-01-01",
    )
    return referral, known_by(User.objects.get(pk=worker.user_id)), known_by(colleague)


def test_a_visit_outlives_no_network_an_ended_sign_in_and_another_person(case, person):
    referral, worker, colleague = case
    page = at_the_door(person(worker, width=390), referral)
    assert not page.locator("#waiting").is_visible()
    page.context.set_offline(True)
    write(page)
    page.locator(LISTED).get_by_text("没有网络").wait_for()
    assert page.input_value("[name=note]") == ""
    end_sign_in(page)
    page.context.set_offline(False)
    page.locator(LISTED).get_by_text("登录已过期").wait_for()
    sign_in(page, colleague)
    page.locator("#waiting").get_by_text("另有别人的记录").wait_for()
    assert page.locator(LISTED).count() == 0
    assert new_visits(referral) == 0
    end_sign_in(page)
    sign_in(page, worker)
    nothing_waits(page)
    assert new_visits(referral) == 1
    assert referral.visits.latest("pk").worker_name == User.objects.get(username=worker).full_name
    page.faults.clear()  # the browser tells of the lost connection; that was the point


def test_nothing_of_it_can_be_read_in_the_browser_after_signing_out(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker), referral)
    page.context.set_offline(True)
    write(page)
    page.locator(LISTED).wait_for()
    for words in (NOTE, PRIVATE, "csrfmiddlewaretoken", referral.number, "record-visit"):
        assert words not in stored(page)
    page.context.set_offline(False)
    page.context.clear_cookies()
    page.goto("/catalog/")
    kept = stored(page)
    assert "liandong.waiting" in kept
    for words in (NOTE, PRIVATE, referral.number):
        assert words not in kept
    assert new_visits(referral) == 0
    page.faults.clear()


@pytest.mark.parametrize("how", ["dead", "portal", "redirect", "broken", "server"])
def test_nothing_but_the_servers_word_takes_a_visit_from_the_browser(case, person, how):
    referral, worker, _colleague = case
    page = at_the_door(person(worker), referral)

    def answer(route):
        if route.request.method != "POST":
            return route.continue_()
        if how == "dead":
            return route.abort()
        if how == "portal":
            return route.fulfill(status=200, content_type="text/html", body="<h1>WiFi</h1>")
        if how == "redirect":
            return route.fulfill(status=302, headers={"Location": "/sign-in/"}, body="")
        if how == "broken":
            return route.fulfill(status=200, content_type="application/json", body='{"taken": "x"}')
        return route.fulfill(status=502, body="bad gateway")

    page.route("**/record-visit/", answer)
    write(page)
    page.locator(LISTED).wait_for()
    assert page.evaluate("navigator.onLine")
    assert new_visits(referral) == 0
    page.unroute("**/record-visit/")
    page.locator(LISTED).get_by_role("button", name="再试一次").click()
    nothing_waits(page)
    assert new_visits(referral) == 1
    page.faults.clear()


def test_an_answer_that_got_lost_makes_no_second_visit(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker), referral)

    def lose(route):
        if route.request.method == "POST":
            route.fetch()
            return route.abort()
        return route.continue_()

    page.route("**/record-visit/", lose)
    write(page)
    page.locator(LISTED).wait_for()
    assert new_visits(referral) == 1
    page.unroute_all(behavior="wait")  # one that is being lost is lost to its end
    page.reload()
    nothing_waits(page)
    assert new_visits(referral) == 1
    page.faults.clear()


def test_a_visit_that_does_not_pass_says_why_and_is_corrected_with_all_its_words(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker), referral)
    page.context.set_offline(True)
    write(page, units=90)
    page.locator(LISTED).wait_for()
    page.context.set_offline(False)
    page.locator(LISTED).get_by_text("没有通过检查").wait_for()
    assert "还剩" in page.locator(LISTED).inner_text()
    page.goto("/workbench/")
    line = page.locator(LISTED)
    line.get_by_text(referral.number).wait_for()
    line.get_by_role("link", name="打开修改").click()
    page.locator(".fault-summary").wait_for()
    assert page.input_value("[name=note]") == NOTE
    assert page.input_value("[name=private_note]") == PRIVATE
    page.fill("[name=units]", "1")
    page.get_by_role("button", name="记录服务", exact=True).click()
    page.wait_for_url(f"**{referral.get_absolute_url()}")
    nothing_waits(page)
    assert new_visits(referral) == 1
    page.faults.clear()


def test_a_fault_while_online_is_shown_at_its_field_and_mended_in_place(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker), referral)
    write(page, units=90)
    page.locator("#block-units .fault").wait_for()
    assert page.input_value("[name=note]") == NOTE
    page.fill("[name=units]", "1")
    page.get_by_role("button", name="记录服务", exact=True).click()
    page.wait_for_url(f"**{referral.get_absolute_url()}")
    nothing_waits(page)
    assert new_visits(referral) == 1


def test_two_tabs_send_once_and_lose_nothing(case, person):
    referral, worker, _colleague = case
    first = at_the_door(person(worker), referral)
    second = at_the_door(first.context.new_page(), referral)
    first.context.set_offline(True)
    write(first)
    first.locator(LISTED).wait_for()
    write(second)
    second.locator(LISTED).nth(1).wait_for()
    first.context.set_offline(False)
    nothing_waits(first)
    nothing_waits(second)
    assert new_visits(referral) == 2
    first.faults.clear()


def test_a_waiting_visit_is_thrown_away_only_when_asked_twice(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker), referral)
    page.context.set_offline(True)
    write(page)
    answers = iter(["dismiss", "accept"])
    page.on("dialog", lambda dialog: getattr(dialog, next(answers))())
    page.locator(LISTED).get_by_role("button", name="丢弃").click()
    assert page.locator(LISTED).count() == 1
    page.locator(LISTED).get_by_role("button", name="丢弃").click()
    nothing_waits(page)
    page.faults.clear()


def test_without_scripts_the_plain_form_still_works(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker, java_script_enabled=False), referral)
    write(page)
    assert new_visits(referral) == 1


def test_a_signature_drawn_on_the_phone_confirms_the_visit_also_without_network(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker, width=390), referral)
    page.get_by_text("请家庭在屏幕上签字").click()
    box = page.locator("details[data-sign] canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for n in range(1, 12):
        page.mouse.move(box["x"] + 20 + 20 * n, box["y"] + (20 if n % 2 else 70))
    page.mouse.up()
    page.context.set_offline(True)
    write(page)
    page.locator(LISTED).wait_for()
    page.context.set_offline(False)
    nothing_waits(page)
    visit = referral.visits.get(confirmation="signature")
    assert visit.signed().startswith(b"\x89PNG")
    page.faults.clear()


def test_a_code_is_sent_from_the_door_without_losing_a_word(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker, width=390), referral)
    page.fill("[name=note]", NOTE)
    old = told_code(referral)
    page.get_by_role("button", name="发送确认码").click()
    page.locator("#code-sent").get_by_text("已发到家庭的手机").wait_for()
    assert page.input_value("[name=note]") == NOTE
    assert referral.codes.count() == 2 or told_code(referral) != old
    page.fill("[name=code]", told_code(referral))
    page.get_by_role("button", name="记录服务", exact=True).click()
    page.wait_for_url(f"**{referral.get_absolute_url()}")
    assert referral.visits.filter(confirmation="code").exists()


OLD_BROWSER = """
  delete AbortSignal.timeout;
  delete Crypto.prototype.randomUUID;
  Object.defineProperty(navigator, "locks", {value: undefined});
  delete String.prototype.replaceAll;
"""


def test_a_phone_with_an_older_browser_keeps_and_sends_too(case, person):
    referral, worker, _colleague = case
    page = person(worker, width=390)
    page.add_init_script(OLD_BROWSER)
    at_the_door(page, referral)
    page.context.set_offline(True)
    write(page)
    page.locator(LISTED).get_by_text("没有网络").wait_for()
    page.context.set_offline(False)
    nothing_waits(page)
    assert new_visits(referral) == 1
    write(page)
    page.wait_for_url(f"**{referral.get_absolute_url()}")
    assert new_visits(referral) == 2
    page.faults[:] = [fault for fault in page.faults if "ERR_" not in fault]


@pytest.mark.parametrize("storage", ["return null", "throw new DOMException('forbidden', 'SecurityError')"])
def test_a_browser_that_may_store_nothing_sends_and_says_what_it_cannot(case, person, storage):
    referral, worker, _colleague = case
    page = person(worker, width=390)
    page.add_init_script(f"Object.defineProperty(window, 'localStorage', {{get() {{ {storage} }}}})")
    at_the_door(page, referral)
    page.context.set_offline(True)
    write(page)
    page.locator("#ended").get_by_text("这台设备也存不下").wait_for()
    assert "已在本机保存" not in page.inner_text("main")
    assert page.input_value("[name=note]") == NOTE
    page.context.set_offline(False)
    page.get_by_role("button", name="记录服务", exact=True).click()
    page.wait_for_url(f"**{referral.get_absolute_url()}")
    assert new_visits(referral) == 1
    page.faults[:] = [fault for fault in page.faults if "ERR_" not in fault]


def test_what_waits_bears_the_time_of_the_city_wherever_the_phone_thinks_it_is(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker, timezone_id="America/New_York"), referral)
    page.clock.set_fixed_time("2026-12-01T01:30:00Z")
    page.context.set_offline(True)
    write(page)
    page.locator(LISTED).get_by_text("09:30").wait_for()
    assert "12/1" in page.locator(LISTED).inner_text()
    page.faults.clear()


def test_two_visits_that_wait_do_not_share_a_code(case, person):
    """The second is told at once, while the family is still there to sign."""
    referral, worker, _colleague = case
    page = at_the_door(person(worker, width=390), referral)
    page.context.set_offline(True)
    code = told_code(referral)
    page.fill("[name=code]", code)
    write(page)
    page.locator(LISTED).wait_for()
    page.fill("[name=code]", f" {code[:3]}-{code[3:]}")
    write(page)
    page.locator("#block-code .fault").get_by_text("一个码只确认一次服务").wait_for()
    assert page.locator(LISTED).count() == 1
    assert page.input_value("[name=note]") == NOTE
    page.fill("[name=code]", "")
    page.get_by_role("button", name="记录服务", exact=True).click()
    page.locator(LISTED).nth(1).wait_for()
    page.context.set_offline(False)
    nothing_waits(page)
    assert new_visits(referral) == 2
    assert referral.visits.filter(confirmation="code").count() == 1
    page.faults.clear()


def test_what_nobody_may_send_any_more_can_still_be_read(case, person):
    referral, _worker, colleague = case
    page = at_the_door(person(colleague, width=390), referral)
    page.context.set_offline(True)
    write(page)
    page.locator(LISTED).wait_for()
    other = factories.AcceptedOffer().provider.organization
    Membership.objects.filter(user__username=colleague).update(organization=other)
    page.context.set_offline(False)
    line = page.locator(LISTED)
    line.get_by_text("另一个身份").wait_for()
    page.goto("/workbench/")
    line.get_by_text("看看写了什么").click()
    for words in (NOTE, PRIVATE):
        line.get_by_text(words).wait_for()
    page.faults.clear()


def test_what_one_tab_throws_away_does_not_come_back_by_another(case, person):
    referral, worker, _colleague = case
    page = at_the_door(person(worker), referral)
    page.context.set_offline(True)
    write(page, units=90)
    page.locator(LISTED).wait_for()
    held = []
    page.route("**/record-visit/", lambda route: held.append(route))
    page.context.set_offline(False)
    with page.expect_request("**/record-visit/"):
        page.locator(LISTED).get_by_role("button", name="再试一次").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(LISTED).get_by_role("button", name="丢弃").click()
    nothing_waits(page)
    with page.expect_response("**/record-visit/"):
        for each in held:
            each.continue_()
    page.wait_for_function("() => navigator.locks.query().then((all) => all.held.length === 0)")
    assert page.evaluate("localStorage.length") == 0
    assert new_visits(referral) == 0
    page.faults.clear()
