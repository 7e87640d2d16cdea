"""Reasons, remarks and findings tell as much as the texts about people: who reads them, and where."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse

from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.inbox.models import Notice
from foundation.journal import timeline
from foundation.journal.models import Entry
from foundation.personal_data.disclosing import Telling
from households.help_received import helping
from households.joining import joining
from households.register import members, registration
from households.register.models import Household
from households.relocations import moving
from organizations.places.models import Place
from referrals.answers import answering
from referrals.complaints import complaining
from referrals.handovers import handing_over
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import checks, supplementary_help, triage
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.service import delivery
from referrals.service.models import Measurement, Scale
from tests import factories
from tests.access.telling import WHY, ask
from tests.households.members import asked_to_join

#: What somebody remarks on a case, and what it tells nobody else.
REMARK, HELP, GIVER, ASIDE = "荷叶甲文", "荷叶乙文", "荷叶丙文", "荷叶丁文"
MARKS = (REMARK, HELP, GIVER, ASIDE)


def read(client, *paths: str) -> str:
    """What these addresses answer, one after the other; none of them is a fault."""
    told = []
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 302, 403, 404), path
        told.append(answer.content.decode())
    return "\n".join(told)


def paused(obj) -> None:
    """Civil affairs lets the deadline on an object stand still."""
    from demo.starter.places_and_people import actor

    [clock, *_others] = Clock.objects.running_on([obj])[obj.pk]
    clocks.pause(clock, by=actor("minzheng"), cause="household_away", reason=REMARK)


def doors_of(obj) -> list[str]:
    label = obj._meta.label
    name = {"Matter": "matters", "Need": "needs", "Referral": "referrals"}[label.split(".")[1]]
    return [
        obj.get_absolute_url(),
        f"/api/v1/{name}/{getattr(obj, 'number', obj.pk)}",
        f"/api/v1/clocks/{label}/{obj.pk}",
        "/api/v1/notices?page_size=200",
        "/inbox/",
        "/workbench/",
    ]


# --- why a deadline stands still --------------------------------------------------------


@pytest.fixture
def reported(who) -> dict[str, Matter]:
    """A report of each door that stays outside, its deadline standing still."""
    place = Place.objects.get(name="虹桥社区")
    told = {"name": "何**", "story": "独居", "phone": "13800000021", "place": place}
    found = {
        "rexian": intake.report_by_hotline(by=who("rexian"), order="DH-88001", **told),
        "jigou": intake.report_as_provider(
            by=who("jigou"), id_number=factories.new_id_number(), size=1, **told
        ),
    }
    for each in found.values():
        paused(each)
    return found


@pytest.mark.parametrize("username", ["rexian", "jigou"])
def test_whoever_reported_reads_not_why_the_deadline_stands_still(client_of, reported, username):
    matter = reported[username]
    client = client_of(username)
    told = read(client, *doors_of(matter))
    assert REMARK not in told
    assert client.get(f"/api/v1/clocks/referrals.Matter/{matter.pk}").json()[0]["paused_at"]


@pytest.mark.parametrize("username", ["wangge", "minzheng", "shenji", "mishu"])
def test_why_a_deadline_stands_still_is_told_as_the_texts_of_its_object(client_of, reported, username):
    referral = factories.AcceptedReferral()
    need = factories.TransferredNeed()
    paths = ["/journal/", "/api/v1/journal?page_size=200"]
    for obj in (*reported.values(), referral, need):
        if obj not in reported.values():
            paused(obj)
        paths += doors_of(obj)
    assert REMARK not in read(client_of(username), *paths)


def test_those_in_charge_read_why_a_deadline_stands_still(client_of, reported):
    matter, need = reported["rexian"], factories.TransferredNeed()
    paused(need)
    window = client_of(factories.window_of(matter.town) and "chuangkou")
    assert REMARK in window.get(matter.get_absolute_url()).content.decode()
    [clock] = window.get(f"/api/v1/clocks/referrals.Need/{need.pk}").json()
    assert clock["pause_reason"] == REMARK


def test_no_notice_holds_why_a_deadline_stands_still(reported):
    assert Notice.objects.filter(texts__icontains="暂停了计时").exists()
    assert not Notice.objects.filter(texts__icontains=REMARK).exists()


# --- what speaks against helping --------------------------------------------------------


@pytest.fixture
def found_twice() -> Need:
    """A need for which help was given before, and set aside with a reason."""
    need = factories.TransferredNeed(kind="medical")
    window = factories.window_of(need.town)
    helping.tell_help(
        need.matter.household,
        by=window,
        told_giver=GIVER,
        what=HELP,
        on=moments.today(),
        need_kind="medical",
        amount=Decimal("432.10"),
    )
    checks.require(checks.of_need(need), need, by=window, reason=ASIDE)
    return need


@pytest.mark.parametrize("username", ["minzheng", "shenji", "wangge"])
def test_findings_tell_oversight_that_something_was_found_and_not_what(client_of, found_twice, username):
    client = client_of(username)
    matter, path = found_twice.matter, f"/api/v1/needs/{found_twice.pk}/findings"
    told = read(
        client,
        path,
        found_twice.get_absolute_url(),
        matter.get_absolute_url(),
        matter.household.get_absolute_url(),
        f"/api/v1/needs/{found_twice.pk}",
        f"/api/v1/households/{matter.household.number}",
        "/missing-help/",
        "/api/v1/missing-help",
    )
    assert [mark for mark in MARKS if mark in told] == []
    if username == "minzheng":
        [finding] = client.get(path).json()
        assert (finding["kind"], finding["words"], finding["reason"]) == ("duplicate", "***", "")
        assert finding["stands"] is False


def test_a_reason_opens_the_findings_of_a_need(client_of, found_twice):
    path = f"/api/v1/reveal/referrals.Need/{found_twice.pk}/what_stands_against"
    for username in ("minzheng", "shenji"):
        words = ask(client_of(username), path).json()["value"]
        assert all(mark in words for mark in (HELP, GIVER, ASIDE))
    assert ask(client_of("wangge"), path).status_code == 403
    household = found_twice.matter.household
    assert (
        Entry.objects.filter(lifecycle="households.Household", object_id=household.pk, move="reveal").count()
        == 2
    )


def test_those_who_decide_read_what_was_found(client_of, found_twice):
    handler = factories.PersonOf(role="handler", role__organization=found_twice.body)
    for username in ("chuangkou", handler.username):
        client = client_of(username)
        [finding] = client.get(f"/api/v1/needs/{found_twice.pk}/findings").json()
        assert HELP in finding["words"]
        assert finding["reason"] == ASIDE
        assert ASIDE in client.get(found_twice.get_absolute_url()).content.decode()


def test_a_grid_worker_reads_not_what_neighbours_were_given(client_of, found_twice):
    household, client = found_twice.matter.household, client_of("wangge")
    for path in (household.get_absolute_url(), found_twice.matter.get_absolute_url()):
        page = client.get(path).content.decode()
        assert client.get(path).status_code == 200
        assert "432.10" not in page
    assert "432.10" in client_of("chuangkou").get(household.get_absolute_url()).content.decode()


@pytest.mark.parametrize("username", ["minzheng", "shenji", "wangge"])
def test_why_more_help_is_proposed_is_no_way_to_what_was_granted(client_of, who, username):
    need = factories.TransferredNeed()
    more = supplementary_help.propose(
        by=who("minzheng").as_system(), need=need, words=f"只批准 3,271.45 元 {REMARK}"
    )
    client, matter = client_of(username), need.matter
    told = read(
        client,
        "/api/v1/needs?page_size=200",
        f"/api/v1/needs/{more.pk}",
        f"/api/v1/matters/{matter.number}",
        matter.get_absolute_url(),
        more.get_absolute_url(),
    )
    assert REMARK not in told
    assert "3,271.45" not in told
    opened = ask(client, f"/api/v1/reveal/referrals.Need/{more.pk}/why_proposed")
    assert opened.status_code == (403 if username == "wangge" else 200)
    assert REMARK in client_of("chuangkou").get(matter.get_absolute_url()).content.decode()


# --- what is measured, what is signed ---------------------------------------------------


@pytest.mark.parametrize("username", ["minzheng", "shenji"])
def test_points_of_a_scale_are_read_after_a_reason(client_of, username):
    referral = factories.AcceptedReferral()
    worker = factories.member_of(referral.provider, "social_worker")
    referral = delivery.plan(referral, by=worker, plan_text="陪伴", goals=["安稳"])
    kept = Measurement.objects.create(referral=referral, scale=Scale.PHQ9, before=23, after=17)
    client = client_of(username)
    assert "23 → 17" not in client.get(referral.get_absolute_url()).content.decode()
    opened = ask(client, f"/api/v1/reveal/referrals.Measurement/{kept.pk}/points")
    assert "23 → 17" in opened.json()["value"]
    page = client_of("chuangkou").get(referral.get_absolute_url()).content.decode()
    assert "23 → 17" in page


@pytest.mark.parametrize("username", ["minzheng", "shenji", "chuangkou"])
def test_a_signature_is_a_name_and_for_the_people_of_the_case_alone(client_of, username):
    referral = factories.ReferralInService()
    visit = referral.visits.get()
    path = reverse("visit-signature", args=[referral.number, visit.pk])
    assert client_of(username).get(path).status_code == 403


# --- reasons of moves -------------------------------------------------------------------


@pytest.fixture
def done(who) -> dict[str, object]:
    """A household closed, a move declined, a hand-over and a second home declined."""
    window, place = who("chuangkou"), Place.objects.get(name="虹桥社区")
    there = factories.town("华士镇")
    other, village = factories.window_of(there), Place.objects.filter(parent=there)[0]
    closed, moved = (
        registration.find_or_register(
            registration.Applicant("何明", factories.new_id_number()),
            by=window,
            place=place,
            category="none",
            size=1,
        )[0]
        for _ in range(2)
    )
    closed = registration.close(closed, by=window, reason=REMARK)
    relocation = moving.propose(by=window, household=moved, place=village, address="某路 1 号")
    relocation = moving.decline(relocation, by=other, reason=REMARK)
    matter = factories.AcceptedMatter()
    handover = handing_over.propose(by=window, matter=matter, why="忙", town=there)
    handover = handing_over.decline(handover, by=other, reason=REMARK)
    elsewhere = factories.AcceptedMatter(place=village)
    second = asked_to_join(matter.household, elsewhere.household)
    second = joining.decline(second, by=other, reason=REMARK)
    return {"household": closed, "relocation": relocation, "handover": handover, "joining": second}


@pytest.mark.parametrize("username", ["minzheng", "shenji", "wangge", "caizheng"])
def test_a_reason_about_a_household_is_told_as_the_texts_about_it(client_of, done, username):
    client = client_of(username)
    paths = ["/journal/", "/api/v1/journal?page_size=200"]
    paths += [f"/api/v1/journal?lifecycle={each._meta.label}" for each in done.values()]
    paths += [each.get_absolute_url() for each in done.values()]
    assert REMARK not in read(client, *paths)


def test_the_window_that_asked_reads_why_it_was_declined(client_of, done):
    client = client_of("chuangkou")
    for name, obj in done.items():
        assert REMARK in client.get(obj.get_absolute_url()).content.decode(), name


@pytest.mark.parametrize("username", ["minzheng", "shenji"])
def test_a_reason_opens_a_reason_on_the_line_where_it_stands(client_of, done, username):
    client = client_of(username)
    for name, obj in done.items():
        entry = Entry.objects.get(lifecycle=obj._meta.label, object_id=obj.pk, move__in=("close", "decline"))
        assert (
            f"/reveal/foundation.Entry/{entry.pk}/reason/"
            in client.get(obj.get_absolute_url()).content.decode()
        ), name
        path = f"/api/v1/reveal/foundation.Entry/{entry.pk}/reason"
        assert ask(client, path, "1111").status_code == 400
        assert ask(client, path).json() == {"value": REMARK}, name
        household = obj if isinstance(obj, Household) else getattr(obj, "about_whom", obj)
        looked = Entry.objects.filter(
            lifecycle=household._meta.label, object_id=household.pk, move="reveal", reason=WHY
        )
        assert looked.exists(), name
    entry = Entry.objects.filter(move="close", lifecycle="households.Household").first()
    for username in ("chuangkou", "wangge", "jigou", "caizheng"):
        path = f"/api/v1/reveal/foundation.Entry/{entry.pk}/reason"
        assert ask(client_of(username), path).status_code == 404, username


def test_the_reason_of_who_looked_opens_to_no_reason(client_of, who):
    """It is for oversight, which reads it in the journal, and never for another door."""
    referral = factories.OfferedReferral()
    offering.withdraw(referral, by=factories.window_of(referral.town), reason=REMARK)
    entry = Entry.objects.get(lifecycle="referrals.Referral", object_id=referral.pk, move="withdraw")
    assert REMARK not in read(client_of("shenji"), "/journal/?act=withdraw")
    assert ask(client_of("jigou2"), f"/api/v1/reveal/foundation.Entry/{entry.pk}/reason").status_code == 404
    with moments.as_of(moments.now() + timedelta(minutes=1)):
        path = f"/api/v1/reveal/foundation.Entry/{entry.pk}/reason"
        assert ask(client_of("shenji"), path).json() == {"value": REMARK}


# --- who has lost a case, who has lost the phone ----------------------------------------


@pytest.mark.parametrize("how", ["decline", "withdraw"])
def test_a_provider_that_never_took_a_case_reads_nothing_of_it_afterwards(client_of, how):
    referral = factories.OfferedReferral()
    why, goal, client = (
        "改由亲属照料",
        referral.goal,
        client_of(factories.user_of(referral.provider).username),
    )
    paths = (
        referral.get_absolute_url(),
        f"/api/v1/referrals/{referral.number}",
        "/api/v1/referrals?page_size=200",
    )
    assert goal in read(client, paths[0])
    if how == "decline":
        offering.decline(referral, by=factories.member_of(referral.provider), reason="no_staff")
    else:
        offering.withdraw(referral, by=factories.window_of(referral.town), reason=why)
    seen = read(client, *paths)
    assert [text for text in (goal, why) if text in seen] == []
    assert client.get(paths[0]).status_code == 200
    page = client_of("chuangkou").get(referral.get_absolute_url()).content.decode()
    assert goal in page
    assert how == "decline" or why in page


def test_the_reason_of_a_complaint_follows_who_answers_it(client_of):
    """It is plain to civil affairs where it answers itself, and is asked of the complaint as it is, on every door."""
    referral = factories.ReferralInService()
    household = referral.need.matter.household
    complaint = complaining.file(by=factories.account_of(household), about="provider", text="没有人来")
    complaining.answer(complaint, by=factories.window_of(household.town), reply="已经核实")
    complaining.raise_higher(complaint, by=factories.account_of(household), reason=REMARK)
    entry = Entry.objects.get(lifecycle=complaint._meta.label, move="raise_higher")
    client = client_of("minzheng")
    journal = client.get("/api/v1/journal?move=raise_higher").json()["results"]
    assert [one["reason"] for one in journal if one["id"] == entry.pk] == [REMARK]
    assert REMARK in read(client, "/journal/?act=raise_higher", complaint.get_absolute_url())
    assert REMARK not in read(client_of("shenji"), "/journal/?act=raise_higher")


def test_the_reason_about_an_object_that_is_gone_is_for_oversight_after_a_reason(who):
    entry = Entry(lifecycle="referrals.Referral", object_id=0, move="withdraw", reason=REMARK)
    assert timeline.telling_of(entry, who("minzheng")) is Telling.REASON
    assert timeline.telling_of(entry, who("chuangkou")) is Telling.NEVER


def test_a_link_to_a_result_is_dead_once_the_phone_is_in_doubt(client, who):
    need = factories.TransferredNeed(kind="living")
    handler = factories.PersonOf(role="handler", role__organization=need.body)
    handler = handler.memberships.get().actor()
    need = triage.grant(triage.take_up(need, by=handler), by=handler, result=REMARK, amount=100)
    need = answering.feed_back(need, by=handler, words=REMARK)
    path = answering.survey_address(need).removeprefix(settings.PUBLIC_ADDRESS)
    assert REMARK in client.get(path).content.decode()
    household, window = need.matter.household, who("chuangkou")
    members.add_member(
        household, by=window, name="李小", id_number=factories.new_id_number(), relation="spouse"
    )
    members.end_membership(
        household,
        by=window,
        member=household.members.get(relation="spouse"),
        left_for="moved",
        on=moments.today(),
    )
    gone = client.get(path)
    assert gone.status_code == 410
    assert REMARK not in gone.content.decode()
