"""The conference, duties as data, and supplementary help after relief."""

from __future__ import annotations

import functools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import Role
from foundation.work_items.models import WorkItem
from households.register import members
from organizations.bodies.models import Organization
from organizations.responsibilities import assigning
from organizations.responsibilities.models import Responsibility
from referrals.answers import answering
from referrals.conference import meetings, views
from referrals.needs import supplementary_help, triage
from referrals.needs.models import Need
from tests import factories


@pytest.fixture
def secretary(who):
    return who("mishu")


@pytest.fixture
def brought():
    need = factories.OpenNeed(kind="other")
    return meetings.bring_to_conference(need, by=factories.window_of(need.town), reason="职责不清")


def convened(secretary, **given):
    fields = {
        "level": "conference",
        "held_on": moments.today(),
        "venue": "三楼",
        "bodies": [Organization.objects.get(code="minzheng")],
        **given,
    }
    return meetings.convene(by=secretary, **fields)


def item_of(meeting, need):
    return meeting.items.get(need=need)


def decide(meeting, need, secretary, **given):
    fields = {"discussion": "住建牵头办理", "decision": "transfer", **given}
    return meetings.decide(meeting, by=secretary, item=item_of(meeting, need), **fields)


def test_a_meeting_takes_up_everything_that_waits_and_nothing_twice(secretary, brought):
    meeting = convened(secretary)
    assert brought.pk in meeting.items.values_list("need_id", flat=True)
    assert not convened(secretary).items.exists()


def test_the_needs_that_wait_are_shown_page_by_page_with_their_clocks(client_of, monkeypatch):
    monkeypatch.setattr(views, "in_order", functools.partial(views.in_order, most=2))
    matter = factories.AcceptedMatter()
    window, pages = factories.window_of(matter.town), []
    for kind in ("other", "legal", "housing"):
        need = triage.add(by=window, matter=matter, kind=kind, text="职责不清")
        meetings.bring_to_conference(need, by=window, reason="职责不清")
    client = client_of("mishu")
    for address in ("/meetings/", "/meetings/?waiting_from=2"):
        with CaptureQueriesContext(connection) as said:
            pages.append(client.get(address))
        assert sum('FROM "foundation_clock"' in query["sql"] for query in said) <= 1
    shown = [page.context["with_clocks"] for page in pages]
    assert [len(rows) for rows in shown] == [2, 1]
    assert all(clocks for rows in shown for _need, clocks in rows)


def test_nothing_is_put_on_an_agenda_that_another_meeting_has(client_of, secretary, brought):
    first, second = convened(secretary), convened(secretary)
    address = f"/meetings/{second.number}/put-on-agenda/"
    page = client_of("mishu").get(second.get_absolute_url())
    assert address not in page.content.decode()
    meetings.cancel(first, by=secretary, reason="改期")
    page = client_of("mishu").get(second.get_absolute_url())
    assert address in page.content.decode()


def test_a_decision_sends_the_need_on_with_the_discussion_as_reason(secretary, brought):
    meeting = meetings.open_meeting(convened(secretary), by=secretary)
    body = Organization.objects.get(code="zhujian")
    with pytest.raises(Invalid) as refusal:
        decide(meeting, brought, secretary)
    assert "body" in refusal.value.fields
    decide(meeting, brought, secretary, body=body)
    brought.refresh_from_db()
    assert (brought.status, brought.body) == ("transferred", body)


def test_what_social_organizations_should_do_goes_back_to_the_window(secretary, brought):
    meeting = meetings.open_meeting(convened(secretary), by=secretary)
    decide(meeting, brought, secretary, decision="refer")
    brought.refresh_from_db()
    assert brought.status == "open"


def test_an_item_put_off_is_the_windows_to_find_out_and_then_waits_for_the_next_meeting(secretary, brought):
    meeting = meetings.open_meeting(convened(secretary), by=secretary)
    for item in list(meeting.items.all()):
        meetings.decide(meeting, by=secretary, item=item, discussion="补充走访", decision="later")
    meetings.close(meeting, by=secretary)
    brought.refresh_from_db()
    assert brought.status == "open"
    (step,) = triage.routes_of([brought.pk]).values()
    assert (step.name, step.label) == ("bring_to_conference", "补充走访后再提交会议")
    told = Notice.objects.filter(object_id=brought.pk, lifecycle="referrals.Need", role=Role.WINDOW).latest(
        "pk"
    )
    assert told.text.endswith("联席会议请窗口补充走访后再议")
    meetings.bring_to_conference(brought, by=factories.window_of(brought.town), reason="走访后补充")
    assert brought in meetings.waiting()


def test_the_minutes_do_not_stand_while_an_item_is_undecided(secretary, brought):
    meeting = meetings.open_meeting(convened(secretary), by=secretary)
    with pytest.raises(Refused, match="没有议定"):
        meetings.close(meeting, by=secretary)
    (item,) = WorkItem.objects.filter(lifecycle=meeting._meta.label, object_id=meeting.pk)
    assert (item.step, item.waits) == ("see_to_it", True)


def test_an_item_is_decided_once(secretary, brought):
    another = factories.OpenNeed(kind="other")
    meetings.bring_to_conference(another, by=factories.window_of(another.town), reason="职责不清")
    meeting = meetings.open_meeting(convened(secretary), by=secretary)
    decide(meeting, brought, secretary, decision="refer")
    with pytest.raises(Invalid):
        decide(meeting, brought, secretary, decision="refer")
    decide(meeting, another, secretary, decision="refer")
    with pytest.raises(NotNow, match="都已议定"):
        decide(meeting, another, secretary, decision="refer")


def test_what_is_on_an_agenda_is_decided_by_the_meeting_alone(secretary, brought, client_of):
    offered = {row.name for row in brought.transitions_for(secretary)}
    assert {"decide_transfer", "decide_refer"} <= offered
    meeting = convened(secretary)
    assert not {"decide_transfer", "decide_refer"} & {row.name for row in brought.transitions_for(secretary)}
    theirs = WorkItem.objects.filter(lifecycle="referrals.Need", object_id=brought.pk, role="secretary")
    assert meeting.number in theirs.get().missing["zh-hans"]
    page = client_of("mishu").get(brought.get_absolute_url()).content.decode()
    assert f'href="{meeting.get_absolute_url()}"' in page
    with pytest.raises(NotNow, match="请在会上议定"):
        meetings.decide_refer(brought, by=secretary, reason="不等会议")
    meetings.cancel(meeting, by=secretary, reason="改期")
    assert theirs.get().step == "decide_transfer"
    assert offered == {row.name for row in brought.transitions_for(secretary)}


def test_a_death_leaves_nothing_to_decide_and_the_meeting_ends(secretary, brought, client_of):
    meeting = meetings.open_meeting(convened(secretary), by=secretary)
    assert "put_on_agenda" not in {row.name for row in convened(secretary).transitions_for(secretary)}
    household = brought.matter.household
    for member in household.members.filter(valid_to=None):
        window = factories.window_of(household.town)
        members.record_death(household, by=window, member=member, on=moments.today())
    page = client_of("mishu").get(meeting.get_absolute_url()).content.decode()
    assert "不用再议" in page
    assert {row.name for row in meeting.transitions_for(secretary)} == {"close", "cancel"}
    theirs = WorkItem.objects.get(lifecycle="referrals.Meeting", object_id=meeting.pk, role="secretary")
    assert theirs.step == "close"
    assert meetings.close(meeting, by=secretary).status == "closed"


def test_a_meeting_is_not_called_for_yesterday_and_only_by_the_secretary(secretary, who):
    with pytest.raises(Invalid):
        convened(secretary, held_on=moments.today() - timedelta(days=1))
    with pytest.raises(NotYours):
        convened(who("chuangkou"))


# --- duties as data ---------------------------------------------------------------------


def test_a_new_duty_routes_needs_from_its_first_day(who):
    body = Organization.objects.get(code="fulian")
    tomorrow = moments.today() + timedelta(days=1)
    assigning.assign(
        by=who("minzheng"),
        organization=body,
        need_kind="other",
        text="兜底协调",
        basis="测试文件",
        valid_from=tomorrow,
    )
    assert triage.propose("other").way == "bring_to_conference"
    with moments.as_of(moments.now() + timedelta(days=1)):
        assert triage.propose("other").body == body


def test_a_duty_that_has_ended_routes_no_more_and_stays_readable(who):
    duty = Responsibility.objects.get(need_kind="legal", valid_to=None)
    yesterday = moments.today() - timedelta(days=1)
    assigning.end(duty, by=who("minzheng"), last_day=yesterday, reason="机构改革")
    assert triage.propose("legal").way != "transfer"
    assert "法律" in Responsibility.objects.get(pk=duty.pk).text


def test_duties_are_for_civil_affairs_to_change(who):
    duty = Responsibility.objects.get(need_kind="legal", valid_to=None)
    with pytest.raises(NotYours):
        assigning.end(duty, by=who("chuangkou"), last_day=moments.today(), reason="x")
    with pytest.raises(Invalid):
        assigning.assign(
            by=who("minzheng"),
            organization=duty.organization,
            need_kind="legal",
            text="x",
            basis="y",
            valid_from=moments.today(),
        )


# --- supplementary help -----------------------------------------------------------------


def answered(amount=None, **given):
    need = factories.TransferredNeed(**given)
    handler = factories.PersonOf(role=Role.HANDLER, role__organization=need.body).memberships.get().actor()
    if amount is None:
        need = triage.refuse(need, by=handler, reason="不属于范围")
    else:
        need = triage.grant(need, by=handler, result="医疗救助", amount=amount)
    return answering.feed_back(need, by=handler, words="已办结")


def proposed(need):
    return Need.objects.filter(follows=need).first()


def test_relief_that_leaves_a_gap_makes_the_system_propose_supplementary_help():
    found = proposed(answered(1800, category="spending_caused"))
    assert (found.kind, found.status) == ("supplement", "proposed")
    assert "1,800.00" in found.why_proposed
    window = factories.window_of(found.town)
    assert supplementary_help.confirm(found, by=window).status == "open"


def test_a_refusal_leaves_a_gap_as_well():
    assert "没有批准" in proposed(answered()).why_proposed


@pytest.mark.parametrize("given", [{"amount": 20000}, {"amount": 100, "category": "none"}])
def test_enough_relief_or_another_category_proposes_nothing(given):
    assert proposed(answered(**given)) is None


def test_a_proposal_is_dropped_with_a_reason():
    need = proposed(answered(1800))
    window = factories.window_of(need.town)
    with pytest.raises(Invalid):
        supplementary_help.drop(need, by=window, reason="")
    assert supplementary_help.drop(need, by=window, reason="子女已补足").status == "closed"


def test_the_window_may_find_difficulty_itself_when_it_closes(who):
    need = answered(20000)
    window = factories.window_of(need.town)
    need = answering.rate(need, by=window, score=4)
    answering.close(need, by=window, still_in_difficulty=True)
    more = proposed(need)
    assert (more.kind, more.status) == ("supplement", "open")
    need.matter.refresh_from_db()
    assert need.matter.status == "accepted"
