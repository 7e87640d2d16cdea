"""A hand-over that is accepted moves the whole case to another window, and whoever proposed one hears what became
of it.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from foundation.refusals import NotYours
from foundation.roles import Actor, Role
from organizations.people.models import Membership, User
from organizations.places.models import Place
from referrals.answers import answering
from referrals.complaints import complaining
from referrals.handovers import handing_over
from referrals.handovers.models import Handover
from referrals.matching import ranking
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.requests import requesting
from referrals.requests.models import RequestForOffers
from referrals.service import delivery
from tests import factories
from tests.hearing import told_last
from tests.referrals.leaving import supplied


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def handed_over(matter: Matter, town: str) -> tuple[Actor, Actor]:
    """Hand a matter over; gives the window that had it, and the one that has it."""
    before, now = (
        factories.window_of(Place.objects.get(pk=matter.town_id)),
        factories.window_of(factories.town(town)),
    )
    handover = handing_over.propose(by=before, matter=matter, town=factories.town(town), why="家庭迁走")
    handing_over.accept(handover, by=now)
    matter.refresh_from_db()
    return before, now


def answered(referral: Referral) -> Need:
    """The need of a referral, answered by its service and closed."""
    referral = delivery.complete(referral, by=factories.worker_of(referral), outcome="好转", goal_level=4)
    answering.feed_back_service(referral, by=factories.coordinator_of(referral), words="已能自理")
    window = factories.window_of(referral.town)
    need = answering.close(Need.objects.get(pk=referral.need_id), by=window, not_reached="三次没有人接")
    answering.close_referral(Referral.objects.get(pk=referral.pk), by=window)
    return need


@pytest.fixture
def case() -> Matter:
    """A matter with a need that was answered and closed, and one that is open."""
    referral = factories.ReferralInService()
    matter = referral.need.matter
    window = factories.window_of(matter.town)
    triage.add(by=window, matter=matter, kind="living", text="没有收入")
    answered(referral)
    return matter


def shown(reader: Actor, matter: Matter) -> dict[str, Any]:
    """What the page of a matter, the API and the list tell a reader: the needs, the referrals and the result."""
    client = signed_in(reader)
    page = client.get(matter.get_absolute_url())
    told = client.get(f"/api/v1/matters/{matter.number}").json()
    rows = page.context["rows"]
    listed = client.get("/matters/").content.decode()
    (row,) = [part for part in listed.split("<tr") if matter.number in part]
    return {
        "page": [row["need"].pk for row in rows],
        "referrals": [referral.pk for row in rows for referral, _ in row["referrals"]],
        "api": [need["id"] for need in told["needs"]],
        "told": len(told["told"]),
        "kinds": sum(kind in row for kind in ("照料护理", "基本生活")),
        "result": "已能自理" in page.content.decode(),
    }


def test_the_new_window_has_the_whole_case_and_the_old_one_is_out(case):
    needs, referrals = list(case.needs.all()), Referral.objects.filter(need__matter=case)
    closed = needs[0]
    whole = {
        "page": [need.pk for need in needs],
        "referrals": [referral.pk for referral in referrals],
        "api": [need.pk for need in reversed(needs)],  # newest first
        "told": 1,
        "kinds": 2,
        "result": True,
    }
    assert shown(factories.window_of(case.town), case) == whole
    for town in ("华士镇", "月城镇"):  # and a second one hands it on
        before, now = handed_over(case, town)
        assert shown(now, case) == whole
        for page in (closed.get_absolute_url(), referrals[0].get_absolute_url()):
            assert signed_in(now).get(page).status_code == 200
            assert signed_in(before).get(page).status_code == 404
        assert signed_in(before).get(case.get_absolute_url()).status_code == 404


def test_a_request_for_offers_that_found_nobody_goes_with_the_case():
    supplied()
    need = factories.OpenNeed()
    window, first = factories.window_of(need.town), ranking.rank(need, units=4).candidates[0]
    ask = Ask(units=4, goal="在家有人照应")
    request = requesting.announce(by=window, need=need, ask=ask, mode="first", offer_id=first.offer_id)
    request = requesting.withdraw(request, by=window, reason="不再需要")
    before, now = handed_over(need.matter, "华士镇")
    assert RequestForOffers.objects.visible_to(now).filter(pk=request.pk).exists()
    assert not RequestForOffers.objects.visible_to(before).filter(pk=request.pk).exists()


@pytest.mark.parametrize(("about", "goes"), [("provider", True), ("body", True), ("window", False)])
def test_a_complaint_goes_with_the_case_unless_it_is_about_the_window(case, about, goes):
    household = factories.account_of(case.household)
    complaint = complaining.file(by=household, about=about, text="来得太晚", need=case.needs.first())
    town = case.town
    _before, now = handed_over(case, "华士镇")
    complaint.refresh_from_db()
    assert complaint.town == (case.town if goes else town)
    if goes:
        complaint = complaining.answer(complaint, by=now, reply="已与机构核对")
        assert complaint.reply == "已与机构核对"


# --- who hears of it --------------------------------------------------------------------


@pytest.fixture
def there() -> Place:
    return Place.objects.get(name="华士镇")


@pytest.fixture
def between_windows(matter, window, there) -> Handover:
    return handing_over.propose(by=window, matter=matter, town=there, why="家庭迁走")


@pytest.fixture
def colleague(window) -> Membership:
    user = factories.PersonOf(
        role=Role.WINDOW, role__organization_id=window.organization_id, role__place_id=window.place_id
    )
    return Membership.objects.get(user=user)


@pytest.fixture
def to_a_colleague(matter, window, colleague) -> Handover:
    return handing_over.propose(by=window, matter=matter, colleague=colleague, why="休假")


def test_the_window_that_was_asked_hears_that_it_is_no_more(between_windows, window, there):
    handing_over.take_back(between_windows, by=window)
    assert told_last(between_windows) == {(there.pk, None)}


@pytest.mark.parametrize(("act", "given"), [("accept", {}), ("decline", {"reason": "仍住在澄江"})])
def test_the_window_that_asked_hears_the_answer(between_windows, matter, there, act, given):
    asking = matter.town
    getattr(handing_over, act)(between_windows, by=factories.window_of(there), **given)
    assert told_last(between_windows) == {(asking.pk, None)}


def test_both_windows_hear_that_a_hand_over_has_lapsed(matter, window, there):
    reported = intake.apply(by=factories.account_of(matter.household), needs=["care"], story="再求助")
    handover = handing_over.propose(by=window, matter=reported, town=there, why="家庭迁走")
    intake.explain(reported, by=window, reason="不符合条件")
    assert told_last(handover) == {(there.pk, None), (matter.town_id, None)}


def test_a_colleague_who_was_asked_hears_that_it_is_no_more(to_a_colleague, window, colleague):
    handing_over.take_back(to_a_colleague, by=window)
    told = told_last(to_a_colleague)
    assert (window.place_id, colleague.user_id) in told
    assert (window.place_id, window.user_id) not in told


def test_whoever_asked_a_colleague_hears_the_answer(to_a_colleague, window, colleague):
    handing_over.decline(to_a_colleague, by=colleague.actor(), reason="不熟悉")
    told = told_last(to_a_colleague)
    assert (window.place_id, window.user_id) in told
    assert (window.place_id, colleague.user_id) not in told


def test_a_colleague_answers_and_does_not_take_back_what_he_was_asked(to_a_colleague, window, colleague):
    offered = [row.name for row in to_a_colleague.transitions_for(colleague.actor())]
    assert offered == ["accept", "decline"]
    assert [row.name for row in to_a_colleague.transitions_for(window)] == ["take_back"]
    with pytest.raises(NotYours, match="不由您收回"):
        handing_over.take_back(to_a_colleague, by=colleague.actor())
