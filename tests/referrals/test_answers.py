"""What the household says of a service: the survey, and complaints."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from foundation import moments
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.refusals import Invalid, NotNow
from foundation.roles import Role
from foundation.work_items.models import WorkItem
from households.register import members
from organizations.people.models import User
from referrals.answers import answering
from referrals.complaints import complaining
from referrals.complaints.models import Reply
from referrals.needs.models import Need
from referrals.service import delivery
from tests import factories


def test_the_window_does_not_see_a_complaint_about_itself(served, who, client_of):
    household = factories.account_of(served.need.matter.household)
    complaint = complaining.file(by=household, about="window", text="态度差")
    assert client_of("chuangkou").get(complaint.get_absolute_url()).status_code == 404
    assert "answer" in [each.name for each in complaint.transitions_for(who("minzheng"))]


@pytest.fixture
def answered(served):
    referral = delivery.complete(served, by=factories.worker_of(served), outcome="好多了", goal_level=4)
    answering.feed_back_service(referral, by=factories.coordinator_of(referral), words="家里有人照应了")
    return Need.objects.get(pk=served.need_id)


def test_the_social_worker_hears_that_the_window_closed_the_case(answered):
    referral = answered.referrals.get()
    answering.close_referral(referral, by=factories.window_of(answered.town))
    told = Notice.objects.visible_to(factories.worker_of(referral)).latest("pk")
    assert (told.lifecycle, told.object_id) == ("referrals.Referral", referral.pk)
    assert "办结" in told.text


def survey_path(need) -> str:
    return "/survey/" + answering.survey_address(need).split("/survey/")[1]


def test_the_result_goes_to_the_household_with_a_link_that_asks_once(answered, client):
    text = Message.objects.filter(about="result")[0].text
    path = "/survey/" + text.split("/survey/")[1].split(" ")[0]
    for secret in ("家里有人照应了", "照料", "王小明"):
        assert secret not in text
    assert "家里有人照应了" in client.get(path).content.decode()
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"score": "5", "words": "谢谢"}).status_code == 200
    assert client.get(path).status_code == 410
    kept = answered.satisfactions.get()
    assert (kept.score, kept.channel) == (5, "link")


def test_the_two_channels_are_kept_apart(answered, client):
    client.post(survey_path(answered), {"score": "5"})
    answering.rate(answered, by=factories.window_of(answered.town), score=3)
    found = set(answered.satisfactions.values_list("channel", "score"))
    assert found == {("link", 5), ("call", 3)}


def test_a_need_is_not_closed_before_somebody_asked_or_said_why_not(answered):
    window = factories.window_of(answered.town)
    with pytest.raises(Invalid) as refusal:
        answering.close(answered, by=window)
    assert "not_reached" in refusal.value.fields
    assert answering.close(answered, by=window, not_reached="三次无人接听").status == "closed"


def test_a_survey_link_that_was_changed_is_none(answered, client):
    assert client.get(survey_path(answered)[:-4] + "xxx/").status_code == 410


def test_a_complaint_is_answered_one_level_above(served, who):
    household = factories.account_of(served.need.matter.household)
    window, civil = who("chuangkou"), who("minzheng")
    complaint = complaining.file(by=household, about="provider", text="没有来", need=served.need)
    assert "answer" in [each.name for each in complaint.transitions_for(window)]
    assert "answer" not in [each.name for each in complaint.transitions_for(civil)]
    complaint = complaining.answer(complaint, by=window, reply="已催办")
    complaint = complaining.raise_higher(complaint, by=household, reason="还是没有来")
    assert "answer" not in [each.name for each in complaint.transitions_for(window)]
    complaint = complaining.answer(complaint, by=civil, reply="已换社工")
    assert complaining.close(complaint, by=household).status == "closed"


@pytest.fixture
def judged(served, who, client):
    """A complaint that was answered twice, and the household that is signed in."""
    household = factories.account_of(served.need.matter.household)
    complaint = complaining.file(by=household, about="provider", text="没有来", need=served.need)
    complaint = complaining.answer(complaint, by=who("chuangkou"), reply="已催办")
    complaint = complaining.raise_higher(complaint, by=household, reason="还是没有来")
    complaint = complaining.answer(complaint, by=who("minzheng"), reply="已换社工")
    client.force_login(User.objects.get(pk=household.user_id))
    return complaint


@pytest.mark.parametrize("page", ["", "close/"])
def test_every_answer_stands_in_order_wherever_a_household_judges_a_complaint(judged, client, page):
    shown = client.get(f"{judged.get_absolute_url()}{page}").content.decode()
    assert 0 < shown.index("已催办") < shown.index("已换社工")


def test_a_household_is_led_to_the_answer_and_chooses_there(judged, client):
    address = judged.get_absolute_url()
    item = WorkItem.objects.get(lifecycle="referrals.Complaint", object_id=judged.pk, role=Role.HOUSEHOLD)
    assert (item.step, item.address) == ("judge", address)
    assert f'action="{address}close/"' not in client.get("/").content.decode()
    shown = client.get(address).content.decode()
    assert f'href="{address}close/"' in shown
    assert f'href="{address}raise-higher/"' not in shown
    assert "上面没有再处理的部门" in shown
    assert f'href="{address}"' not in shown
    assert shown.index("等待办理") < shown.index("看答复")
    assert client.get(f"{address}close/").status_code == 200
    judged.refresh_from_db()
    assert judged.status == "answered"
    assert client.post(f"{address}close/", {"key": "k1"}).status_code == 302
    judged.refresh_from_db()
    assert judged.status == "closed"


def test_nobody_stands_above_civil_affairs_and_the_window_hears_that_it_answered(judged):
    household = factories.account_of(judged.household)
    with pytest.raises(NotNow, match="上面没有再处理的部门"):
        complaining.raise_higher(judged, by=household, reason="还是不满意")
    told = Notice.objects.filter(lifecycle="referrals.Complaint", object_id=judged.pk, role=Role.WINDOW)
    assert told.filter(texts__icontains="民政局答复了投诉", place_id=judged.town_id).count() == 1


def test_nothing_is_awaited_of_a_household_in_which_nobody_is_left(served, who):
    home = served.need.matter.household
    household = factories.account_of(home)
    first, second = (
        complaining.file(by=household, about="window", text="态度差", need=served.need) for _ in "12"
    )
    first = complaining.answer(first, by=who("minzheng"), reply="已批评")
    members.record_death(home, by=who("chuangkou"), member=home.members.get(), on=moments.today())
    second = complaining.answer(second, by=who("minzheng"), reply="已批评")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("closed", "closed")
    assert not WorkItem.objects.filter(user_id=household.user_id).exists()
    assert not WorkItem.objects.filter(lifecycle="referrals.Complaint").exists()
    told = Notice.objects.filter(object_id=second.pk, lifecycle="referrals.Complaint").latest("pk")
    assert "满意" not in told.text


def test_a_program_reads_every_answer_to_a_complaint(judged, client):
    got = client.get(f"/api/v1/complaints/{judged.pk}").json()
    assert got["reply"] == "已换社工"
    assert [reply["text"] for reply in got["replies"]] == ["已换社工", "已催办"]


def test_the_form_of_a_rating_asks_the_window_about_the_household_and_the_household_itself(answered):
    forms = Need.lifecycle.action_forms
    at_the_window = forms["rate"](actor=factories.window_of(answered.town), obj=answered)
    at_home = forms["rate"](actor=factories.account_of(answered.matter.household), obj=answered)
    assert str(at_the_window.fields["score"].label) == "这户满意吗"
    assert str(at_home.fields["score"].label) == "您满意吗"


def test_a_household_without_services_is_not_told_that_none_match(client):
    household = factories.OpenNeed().matter.household
    client.force_login(User.objects.get(pk=factories.account_of(household).user_id))
    page = client.get("/referrals/").content.decode()
    assert "还没有机构为您服务" in page
    assert "没有符合的转介" not in page


def awaited(need, role) -> set[str]:
    """The steps for which somebody in a role is awaited at a need."""
    found = WorkItem.objects.filter(lifecycle="referrals.Need", object_id=need.pk, role=role, waits=True)
    return set(found.values_list("step", flat=True))


def test_a_household_that_has_rated_is_neither_asked_nor_offered_it_again(answered):
    household = factories.account_of(answered.matter.household)
    assert awaited(answered, Role.HOUSEHOLD) == {"rate"}
    need = answering.rate(answered, by=household, score=3)
    assert not awaited(need, Role.HOUSEHOLD)
    assert "rate" not in [row.name for row in need.transitions_for(household)]
    assert awaited(need, Role.WINDOW) == {"close"}
    with pytest.raises(NotNow):
        answering.asked_by(answering.survey_address(need).rstrip("/").rpartition("/")[2])


def test_a_household_that_was_called_is_not_asked_again_but_may_still_say_it_itself(answered):
    household = factories.account_of(answered.matter.household)
    need = answering.rate(answered, by=factories.window_of(answered.town), score=3)
    assert not awaited(need, Role.HOUSEHOLD)
    assert "rate" in [row.name for row in need.transitions_for(household)]


@pytest.mark.parametrize(
    "change",
    [
        lambda reply: Reply.objects.filter(pk=reply.pk).update(text="没有这样答复"),
        lambda reply: Reply.objects.filter(pk=reply.pk).update(by="别人"),
        lambda reply: Reply.objects.filter(pk=reply.pk).update(text=""),
        lambda reply: reply.delete(),
    ],
)
def test_no_answer_is_changed_or_taken_away_afterwards(judged, change):
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        change(judged.replies.first())
    assert [reply.text for reply in judged.replies.all()] == ["已催办", "已换社工"]
