"""Every door leads to one window; papers are told once; whoever was asked first answers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation import moments
from foundation.deadlines.models import Clock
from foundation.documents import making
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import Actor, Role
from foundation.work_items.models import WorkItem
from households.register import accounts, phones
from organizations.people.models import Membership, User
from organizations.places.models import Place
from referrals.handovers import handing_over
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.needs.documents import PAPERS
from referrals.offers.models import Referral
from tests import factories


@pytest.fixture
def window(who):
    return who("chuangkou")


@pytest.fixture
def place():
    return Place.objects.get(name="虹桥社区")


def order(who, place, **given):
    fields = {
        "order": "JY-9",
        "place": place,
        "name": "老人",
        "phone": "13900000009",
        "story": "独自在家",
        **given,
    }
    return intake.report_by_hotline(by=who("rexian"), **fields)


# --- the doors --------------------------------------------------------------------------


def test_a_hotline_order_reaches_the_window_with_both_numbers(who, place, window):
    matter = order(who, place, urgent=True)
    assert (matter.status, matter.channel, matter.external_number) == ("reported", "hotline", "JY-9")
    assert Matter.objects.visible_to(window).filter(pk=matter.pk).exists()
    assert Clock.objects.running_on([matter])[matter.pk][0].rule_key == "matter.acceptance"


def test_the_same_order_is_not_taken_twice(who, place):
    first = order(who, place)
    with pytest.raises(Invalid, match=first.number):
        order(who, place)
    assert Matter.objects.filter(external_number="JY-9").count() == 1


@pytest.mark.parametrize(
    "again",
    ["qw-77", "QW -77", "QW77", "Qw\u201077", "QW-\u0667\u0667", "qw\u3000-\uff17\u0667", "qw-\u096d\u096d"],
)
def test_an_order_is_one_order_however_it_is_written(client_of, who, place, again):
    first = order(who, place, order="QW-77")
    answer = client_of("rexian").post(
        "/api/v1/matters/report_by_hotline",
        {"order": again, "place": place.code, "name": "老人", "phone": "13900000009", "story": "独居"},
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert first.number in answer.json()["errors"]["order"][0]
    assert Matter.objects.get(pk=first.pk).external_number == "QW-77"


def test_an_order_without_a_letter_or_digit_is_none(who, place):
    with pytest.raises(Invalid, match="工单号"):
        order(who, place, order=" - ")


def test_a_household_without_a_number_gets_one_when_the_window_accepts(who, place, window):
    matter = order(who, place)
    with pytest.raises(Invalid) as refusal:
        intake.accept(matter, by=window, needs=["care"])
    assert "id_number" in refusal.value.fields
    number = factories.new_id_number()
    matter = intake.accept(matter, by=window, needs=["care"], id_number=number)
    assert matter.household.head.person.id_number.plain() == number


def test_an_order_about_somebody_known_joins_the_household_that_the_city_knows(who, place, window):
    number = factories.new_id_number()
    known = factories.AcceptedMatter(id_number=number).household
    with pytest.raises(Invalid) as refusal:
        intake.accept(order(who, place), by=window, needs=["care"], id_number=number)
    assert "differences" in refusal.value.fields
    matter = intake.accept(
        Matter.objects.get(external_number="JY-9"),
        by=window,
        needs=["care"],
        id_number=number,
        differences="keep",
    )
    assert matter.household == known
    assert known.phone.plain() == "13800000000"


def test_a_provider_reports_and_sees_only_that_it_was_heard(who, place, client_of, window):
    matter = intake.report_as_provider(
        by=who("shegong"),
        place=place,
        name="赵六",
        id_number=factories.new_id_number(),
        size=1,
        story="腿脚不便",
    )
    page = client_of("shegong").get(matter.get_absolute_url())
    assert page.status_code == 200
    for secret in ("腿脚不便", "赵**", matter.household.number):
        assert secret not in page.content.decode()
    body = client_of("shegong").get(f"/api/v1/matters/{matter.number}").json()
    assert set(body) & {"story", "needs", "household"} == set()
    assert client_of("jigou2").get(matter.get_absolute_url()).status_code == 404


def test_a_grid_worker_reports_in_the_own_village(who):
    matter = intake.report(
        by=who("wangge"),
        name="孙七",
        id_number=factories.new_id_number(),
        category="none",
        size=1,
        story="屋顶漏雨",
    )
    assert (matter.channel, matter.household.place.name) == ("grid", "虹桥社区")


def test_a_household_asks_by_itself_and_the_window_sees_what_it_ticked(window, place):
    by = Actor(role=Role.SYSTEM, name="周八")
    matter = intake.apply(
        by=by,
        needs=["counselling"],
        story="睡不着",
        name="周八",
        place=place,
        size=1,
        id_number=factories.new_id_number(),
        phone="13900000010",
    )
    assert (matter.status, matter.wishes) == ("reported", ["counselling"])
    matter = intake.accept(
        matter, by=window, needs=matter.wishes, id_number=factories.new_id_number(), differences="take"
    )
    assert matter.needs.get().kind == "counselling"


@pytest.mark.parametrize("confirmed", [True, False])
def test_what_was_opened_online_before_a_window_saw_a_document_is_closed_when_it_has(
    window, place, confirmed
):
    phone, number = "13900000011", factories.new_id_number()
    about = {"name": "周八", "place": place, "size": 1, "id_number": number, "phone": phone}
    matter = intake.apply(by=Actor(role=Role.SYSTEM), needs=["care"], story="睡不着", **about)
    browser = Client()
    browser.force_login(accounts.account_of(matter.household))
    assert browser.get("/workbench/").status_code == 200
    told = {"phone": phone} if confirmed else {}
    household = intake.accept(matter, by=window, needs=["care"], id_number=number, **told).household
    assert browser.get("/workbench/").status_code == 302
    assert not household.accounts.exists()
    assert household.phone_doubted is not confirmed
    assert (accounts.found_by(number, phone) == household) is confirmed
    assert bool(phones.reached_at(household)) is confirmed


def test_a_known_household_asks_from_its_own_page_without_saying_who_it_is(client_of):
    household = factories.household_of("jiating")
    page = client_of("jiating").post("/matters/new/apply/", {"needs": ["care"], "story": "还要人帮"})
    assert page.status_code == 302
    matter = Matter.objects.filter(household=household, channel="self_service").get()
    assert matter.status == "reported"


# --- papers -----------------------------------------------------------------------------


#: Of the person who is reported, as the document says.
NUMBER = factories.new_id_number()


def reported(who):
    return intake.report(by=who("xieguan"), name="孙七", id_number=NUMBER, category="none", size=1, story="x")


def test_papers_are_told_once_and_a_second_time_only_with_a_reason(who, window):
    matter = intake.ask_papers(reported(who), by=window, papers="户口簿\n收入证明")
    with pytest.raises(Invalid) as refusal:
        intake.ask_papers(matter, by=window, papers="银行流水")
    assert "again_because" in refusal.value.fields
    assert refusal.value.rule == "S12"
    matter = intake.ask_papers(matter, by=window, papers="银行流水", again_because="收入证明与自述不符")
    assert [paper_request.again_because for paper_request in matter.paper_requests.all()] == [
        "",
        "收入证明与自述不符",
    ]


def test_the_household_hears_at_once_what_is_missing_and_gets_the_list_as_paper(who, window):
    matter = intake.report(
        by=who("xieguan"),
        name="孙七",
        id_number=factories.new_id_number(),
        category="none",
        size=1,
        story="x",
        phone="13900000055",
    )
    matter = intake.ask_papers(matter, by=window, papers="户口簿\n收入证明")
    text = Message.objects.filter(about="papers")[0].text
    assert matter.number in text
    assert "户口簿" not in text
    assert Notice.objects.filter(object_id=matter.pk, role="assistant", texts__icontains="材料").exists()
    shown = PAPERS.context(matter)
    assert shown["requests"][0]["papers"] == ["户口簿", "收入证明"]
    document = making.request(PAPERS, matter, by=window)
    making.render(document)
    document.refresh_from_db()
    assert document.content().startswith(b"%PDF")


def awaited(matter) -> dict[str, str]:
    """The step for which each role is awaited at a matter; "" for those who see it wait."""
    found = WorkItem.objects.filter(lifecycle="referrals.Matter", object_id=matter.pk)
    return dict(found.values_list("role", "step"))


def test_a_household_that_was_asked_for_papers_is_awaited_and_the_window_watches(who, window):
    household = factories.account_of(factories.AcceptedMatter().household)
    matter = intake.apply(by=household, needs=["living"], story="家里断粮了", urgent=True)
    assert awaited(matter)["window"] == "accept"
    matter = intake.ask_papers(matter, by=window, papers="户口簿")
    assert awaited(matter) == {"household": "bring_papers", "window": "", "assistant": "", "grid_worker": ""}
    [mine] = WorkItem.objects.to_do(household).filter(object_id=matter.pk)
    assert (mine.urgent, str(mine.step_label), mine.address) == (True, "补齐材料", matter.get_absolute_url())
    assert "accept" in [row.name for row in matter.transitions_for(window)]
    matter = intake.accept(matter, by=window, needs=["living"])
    assert "household" not in awaited(matter)


def test_papers_of_a_household_without_an_account_wait_for_the_window(who, window):
    matter = intake.ask_papers(reported(who), by=window, papers="户口簿")
    assert awaited(matter)["window"] == "accept"
    assert awaited(matter)["assistant"] == "bring_papers"


def test_whoever_brings_what_a_body_asked_for_is_named_until_it_is_there(who):
    body = who("bumen3")
    need = triage.take_up(factories.TransferredNeed(kind="living"), by=body)
    household = factories.account_of(need.matter.household)
    need = triage.ask_papers(need, by=body, papers="存款证明")
    theirs = WorkItem.objects.filter(lifecycle="referrals.Need", object_id=need.pk, waits=True)
    assert dict(theirs.values_list("role", "step")) == {"household": "bring_papers", "handler": "grant"}
    assert theirs.get(role="household").user_id == household.user_id
    need = triage.add_papers(need, by=body)
    assert dict(theirs.values_list("role", "step")) == {"handler": "grant"}
    assert Matter.objects.get(pk=need.matter_id).papers_missing == ""


def test_of_two_bodies_that_ask_for_papers_the_last_one_waits_for_them():
    matter = factories.AcceptedMatter(kind="living")
    window, _account = factories.window_of(matter.town), factories.account_of(matter.household)
    needs, handlers = [matter.needs.get(), triage.add(by=window, matter=matter, kind="education")], []
    for position, need in enumerate(needs):
        body = triage.propose(need.kind).body
        handlers.append(factories.PersonOf(role="handler", role__organization=body).memberships.get().actor())
        need = triage.transfer(need, by=window, body=body)
        needs[position] = triage.take_up(need, by=handlers[position])
    first, second = needs
    first = triage.ask_papers(first, by=handlers[0], papers="存款证明")
    brought = WorkItem.objects.filter(lifecycle="referrals.Need", step="bring_papers")
    assert set(brought.values_list("object_id", flat=True)) == {first.pk}
    triage.ask_papers(second, by=handlers[1], papers="存款证明\n学籍证明", again_because="另需学籍证明")
    assert set(brought.values_list("object_id", flat=True)) == {second.pk}
    with pytest.raises(NotNow):
        triage.add_papers(first, by=handlers[0])
    assert Matter.objects.get(pk=matter.pk).papers_missing == "存款证明\n学籍证明"
    triage.add_papers(second, by=handlers[1])
    assert not brought.exists()
    assert Matter.objects.get(pk=matter.pk).papers_missing == ""


def test_a_body_may_not_ask_again_what_the_window_forgot(who, window):
    matter = intake.ask_papers(reported(who), by=window, papers="户口簿")
    matter = intake.accept(matter, by=window, needs=["living"], id_number=NUMBER)
    need = triage.transfer(matter.needs.get(), by=window, body=triage.propose("living").body)
    need = triage.take_up(need, by=who("bumen3"))
    with pytest.raises(Invalid) as refusal:
        triage.ask_papers(need, by=who("bumen3"), papers="存款证明")
    assert "again_because" in refusal.value.fields
    triage.ask_papers(need, by=who("bumen3"), papers="存款证明", again_because="核对发现新账户")
    matter.refresh_from_db()
    assert matter.papers_missing == "存款证明"


def test_urgent_help_begins_before_the_papers_and_its_clock_asks_for_them(window):
    matter = factories.AcceptedMatter(urgent=True, papers_later=True)
    running = {each.rule_key for each in Clock.objects.running_on([matter])[matter.pk]}
    assert running == {"matter.papers_later"}
    need = matter.needs.get()
    assert "need.first_help" in {each.rule_key for each in Clock.objects.running_on([need])[need.pk]}
    matter = intake.add_papers(matter, by=window)
    assert not Clock.objects.running_on([matter])[matter.pk]
    with pytest.raises(NotYours):
        intake.add_papers(matter, by=window)


# --- first asked ------------------------------------------------------------------------


@pytest.fixture
def colleague(window):
    user = factories.PersonOf(
        role=Role.WINDOW, role__organization_id=window.organization_id, role__place_id=window.place_id
    )
    return Membership.objects.get(user=user)


def test_whoever_was_asked_first_stays_responsible_until_the_other_accepts(window, colleague):
    matter = factories.AcceptedMatter()
    name = matter.first_asked_name
    handover = handing_over.propose(by=window, matter=matter, colleague=colleague, why="休假")
    matter.refresh_from_db()
    assert matter.first_asked_name == name
    with pytest.raises(NotYours):
        handing_over.accept(handover, by=window)
    handing_over.accept(handover, by=colleague.actor())
    matter.refresh_from_db()
    assert matter.first_asked_id == colleague.user_id


def test_a_hand_over_that_is_declined_changes_nothing(window, colleague):
    matter = factories.AcceptedMatter()
    handover = handing_over.propose(by=window, matter=matter, colleague=colleague, why="休假")
    handing_over.decline(handover, by=colleague.actor(), reason="不熟悉")
    matter.refresh_from_db()
    assert matter.first_asked_id != colleague.user_id


def test_another_window_takes_over_with_everything_open_and_no_clock_restarts(window, who):
    referral = factories.ReferralInService()
    matter = referral.need.matter
    before = list(Clock.objects.filter(stopped_at=None).values_list("pk", "due_at"))
    town = Place.objects.get(name="华士镇")
    handover = handing_over.propose(by=window, matter=matter, town=town, why="家庭迁走")
    with moments.as_of(moments.now() + timedelta(hours=5)):
        handing_over.accept(handover, by=who("chuangkou2"))
    matter.refresh_from_db()
    assert (matter.town, matter.window.place) == (town, town)
    assert Referral.objects.get(pk=referral.pk).town == town
    after = dict(Clock.objects.values_list("pk", "due_at"))
    assert all(after[pk] == due for pk, due in before)


def test_a_hand_over_names_a_colleague_or_a_town_but_not_both_or_neither(window, colleague):
    matter = factories.AcceptedMatter()
    town = Place.objects.get(name="华士镇")
    for given in ({}, {"colleague": colleague, "town": town}, {"town": factories.town()}):
        with pytest.raises(Invalid):
            handing_over.propose(by=window, matter=matter, why="x", **given)


def test_a_number_in_an_order_finds_nobody_until_the_window_accepts(who, place, window):
    number = factories.new_id_number()
    known = factories.AcceptedMatter(id_number=number).household
    matter = order(who, place, id_number=number)
    assert matter.household != known
    assert matter.household.head.person != known.head.person
    matter = intake.accept(matter, by=window, needs=["care"], id_number=number, differences="keep")
    assert matter.household == known


def test_why_a_deadline_runs_is_told_by_the_name_of_its_rule(who, place, client_of):
    matter = order(who, place)
    page = client_of("chuangkou").get(matter.get_absolute_url()).content.decode()
    assert "收到报告后受理" in page
    assert "matter.acceptance" not in page


def test_the_page_of_a_matter_does_not_say_that_nothing_is_to_be_done_beside_steps_of_its_needs(client_of):
    need = factories.OpenNeed()
    page = client_of("chuangkou").get(need.matter.get_absolute_url()).content.decode()
    assert "transfer/" in page
    assert "没有需要您办理的" not in page
    assert "没有需要您办理的" in client_of("xieguan").get(need.matter.get_absolute_url()).content.decode()


def test_who_knows_a_matter_is_asked_once_for_all_of_its_fields(client):
    matter = factories.AcceptedMatter()
    client.force_login(User.objects.get(pk=factories.account_of(matter.household).user_id))
    with CaptureQueriesContext(connection) as said:
        shown = client.get(f"/api/v1/matters/{matter.number}").json()
    assert shown["story"] == "老伴卧床"
    asked = [query["sql"] for query in said if 'FROM "households_householdaccount"' in query["sql"]]
    assert 0 < max(Counter(asked).values()) <= 3
