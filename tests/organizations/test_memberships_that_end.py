"""Who leaves is out with the next click and hands the cases on, and the city keeps an administrator."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from foundation import moments
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import SYSTEM, Role
from organizations.emergencies import allowing
from organizations.people import administrators as administrating
from organizations.people import ending, giving, leaving
from organizations.people.models import Membership, User
from organizations.signing_in import tokens
from referrals.matters.models import Matter
from tests import factories
from tests.factories import actor
from tests.organizations.newcomers import joined
from tests.racing import at_once, refused


def test_whoever_leaves_is_out_with_the_next_request_and_the_tokens_with_him(client):
    user = joined()
    client.force_login(user)
    _token, text = tokens.issue(user)
    assert client.get("/workbench/").status_code == 200
    ending.end(Membership.objects.get(user=user), by=actor("guanli"), reason="调离")
    assert client.get("/workbench/").status_code == 302
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Token {text}"})
    assert answer.status_code == 401


def test_open_matters_pass_to_the_colleague_that_is_named():
    matter = factories.AcceptedMatter()
    window = factories.window_of(matter.town)
    leaving = Membership.objects.get(user=window.person, role=Role.WINDOW)
    Matter.objects.filter(pk=matter.pk).update(first_asked_id=window.person)
    colleague = giving.enter(
        by=SYSTEM,
        person=joined("tongshi"),
        role=Role.WINDOW,
        organization=leaving.organization,
        place=leaving.place,
    )
    with pytest.raises(Invalid) as refusal:
        ending.end(leaving, by=actor("guanli"), reason="退休")
    assert "colleague" in refusal.value.fields
    ending.end(leaving, by=actor("guanli"), reason="退休", colleague=colleague)
    matter.refresh_from_db()
    assert matter.first_asked_id == colleague.user_id


def test_what_nobody_takes_over_is_told_to_the_administrators():
    matter = factories.AcceptedMatter()
    window = factories.window_of(matter.town)
    leaving = Membership.objects.get(user=window.person, role=Role.WINDOW)
    Membership.objects.filter(role=Role.WINDOW, place=leaving.place).exclude(pk=leaving.pk).delete()
    Matter.objects.filter(pk=matter.pk).update(first_asked_id=window.person)
    ending.end(leaving, by=actor("guanli"), reason="退休")
    told = Notice.objects.filter(role="administrator", texts__icontains="没有人接")
    assert told.exists()


def test_a_membership_runs_out_and_takes_the_sessions_along(client):
    user = joined(valid_to=moments.today())
    client.force_login(user)
    assert client.get("/workbench/").status_code == 200
    with moments.as_of(moments.now() + timedelta(days=1)):
        ending.follow_the_day()
        assert Membership.objects.get(user=user).status == "ended"
        assert client.get("/workbench/").status_code == 302


def window_with_a_matter() -> Membership:
    """What a clerk of a window holds, who was asked first for one open matter."""
    matter = factories.AcceptedMatter()
    window = factories.window_of(matter.town)
    assert matter.first_asked_id == window.person
    return Membership.objects.get(user=window.person, role=Role.WINDOW)


def told_to(role: Role, since: int = 0) -> list[str]:
    found = Notice.objects.filter(role=role, lifecycle="organizations.Membership", pk__gt=since)
    return [f"{notice.text} {notice.link}" for notice in found.order_by("pk")]


def test_who_sets_a_last_day_sees_what_stands_under_the_name(client_of):
    held = window_with_a_matter()
    page = client_of("guanli").get(f"/memberships/{held.pk}/limit/").content.decode()
    assert "1 件首问负责的事项" in page
    assert f"/memberships/{held.pk}/end/" in page
    other = Membership.objects.get(user__username="bumen")
    page = client_of("guanli").get(f"/memberships/{other.pk}/limit/").content.decode()
    assert "名下没有在办的事项" in page


def test_before_the_last_day_the_person_and_the_administrators_are_told_what_is_left():
    held = window_with_a_matter()
    today = moments.today()
    held.user.phone = "13800000009"
    held.user.save()
    ending.limit(held, by=actor("guanli"), valid_to=today + timedelta(days=10))
    told = {}
    for days in range(11):
        before = max([0, *Notice.objects.values_list("pk", flat=True)])
        with moments.as_of(moments.now() + timedelta(days=days)):
            leaving.tell_of_last_days()
        told[10 - days] = told_to(Role.ADMINISTRATOR, before)
    assert {days for days, words in told.items() if words} == {7, 1}
    (words,) = told[7]
    assert "1 件首问负责的事项" in words
    assert f"/memberships/{held.pk}/end/" in words
    texts = Message.objects.filter(about="membership:last-day")
    assert [text.to.plain() for text in texts] == ["13800000009"] * 2


def test_a_last_day_is_told_once_though_the_machine_was_off_on_the_days_of_the_rule():
    held = window_with_a_matter()
    today = moments.today()
    ending.limit(held, by=actor("guanli"), valid_to=today + timedelta(days=10))
    told = {}
    for days in (1, 5, 6, 10):  # not on the third day, nor on the ninth
        before = max([0, *Notice.objects.values_list("pk", flat=True)])
        with moments.as_of(moments.now() + timedelta(days=days)):
            leaving.tell_of_last_days()
        told[days] = len(told_to(Role.ADMINISTRATOR, before))
    assert told == {1: 0, 5: 1, 6: 0, 10: 1}


def test_a_membership_whose_end_fails_keeps_no_other_running(monkeypatch):
    first, second = (joined(name, valid_to=moments.today()) for name in ("qianyi", "qianer"))

    def fail(membership: Membership) -> None:
        if membership.user_id == first.pk:
            raise RuntimeError

    monkeypatch.setattr(leaving, "tell_of_what_is_left", fail)
    with moments.as_of(moments.now() + timedelta(days=1)):
        ending.follow_the_day()
    assert Membership.objects.get(user=first).status == "held"
    assert Membership.objects.get(user=second).status == "ended"


def test_nobody_is_told_of_a_last_day_under_which_nothing_stands_or_after_which_the_same_seat_goes_on():
    joined(valid_to=moments.today() + timedelta(days=7))
    held = window_with_a_matter()
    last = moments.today() + timedelta(days=7)
    ending.limit(held, by=actor("guanli"), valid_to=last)
    giving.give(
        by=actor("guanli"),
        person=held.user,
        role=held.role,
        organization=held.organization,
        place=held.place,
        valid_from=last + timedelta(days=1),
    )
    leaving.tell_of_last_days()
    assert not any("到期不会自动交给别人" in words for words in told_to(Role.ADMINISTRATOR))


def test_the_night_in_which_it_runs_out_the_administrators_are_told_what_nobody_took_over():
    held = window_with_a_matter()
    nothing = joined(valid_to=moments.today())
    ending.limit(held, by=actor("guanli"), valid_to=moments.today())
    with moments.as_of(moments.now() + timedelta(days=1)):
        ending.follow_the_day()
    assert not Membership.objects.filter(user=nothing, status="held").exists()
    (words,) = [words for words in told_to(Role.ADMINISTRATOR) if "已结束" in words]
    assert "1 件首问负责的事项" in words
    assert f"/memberships/{held.pk}/" in words


def administrators() -> list[Membership]:
    """What the two administrators of the city hold, and nobody else."""
    found = Membership.objects.filter(role=Role.ADMINISTRATOR).order_by("user__username")
    assert [one.user.username for one in found] == ["guanli", "guanli2"]
    return list(found)


def test_the_last_administrator_of_the_city_neither_ends_nor_limits_what_he_holds(client_of):
    first, second = administrators()
    ending.end(second, by=actor("guanli"), reason="调离")
    with pytest.raises(NotNow, match="先把这个身份给另一个人"):
        ending.limit(first, by=actor("guanli"), valid_to=moments.today() + timedelta(days=30))
    answer = client_of("guanli").post(f"/memberships/{first.pk}/end/", {"reason": "调离"})
    assert answer.status_code == 422
    assert "先把这个身份给另一个人" in answer.content.decode()
    given = giving.give(by=actor("guanli"), person=joined(), role=Role.ADMINISTRATOR)
    User.objects.filter(pk=given.user_id).update(is_active=False)
    with pytest.raises(NotNow):
        ending.end(first, by=actor("guanli"), reason="调离")
    User.objects.filter(pk=given.user_id).update(is_active=True)
    assert ending.end(first, by=actor("guanli"), reason="调离").status == "ended"


def test_of_two_administrators_the_one_who_stays_longest_keeps_it_without_a_last_day():
    first, second = administrators()
    ending.limit(second, by=actor("guanli"), valid_to=moments.today() + timedelta(days=30))
    with pytest.raises(NotNow):
        ending.limit(first, by=actor("guanli"), valid_to=moments.today() + timedelta(days=30))
    ending.limit(first, by=actor("guanli"), valid_to=None)
    ending.limit(second, by=actor("guanli"), valid_to=moments.today() + timedelta(days=60))


def test_nobody_ends_the_administrator_who_is_left_when_the_others_are_over():
    first, second = administrators()
    last = moments.today() + timedelta(days=4)
    ending.limit(first, by=actor("guanli2"), valid_to=last)
    with pytest.raises(NotNow, match="先把这个身份给另一个人"):
        ending.end(second, by=actor("guanli"), reason="调离")
    assert "end" not in {row.name for row in second.transitions_for(actor("guanli"))}
    giving.give(
        by=actor("guanli"), person=joined(), role=Role.ADMINISTRATOR, valid_from=last + timedelta(days=2)
    )
    with pytest.raises(NotNow):  # there is a day between them
        ending.end(second, by=actor("guanli"), reason="调离")
    giving.give(
        by=actor("guanli"),
        person=joined("houbu"),
        role=Role.ADMINISTRATOR,
        valid_from=last + timedelta(days=1),
    )
    assert ending.end(second, by=actor("guanli"), reason="调离").status == "ended"


@given(st.lists(st.tuples(st.integers(-3, 12), st.one_of(st.none(), st.integers(0, 15))), max_size=6))
def test_the_days_with_an_administrator_are_those_that_somebody_covers(spans):
    today = moments.today()
    days = [
        (today + timedelta(days=first), None if last is None else today + timedelta(days=max(first, last)))
        for first, last in spans
    ]
    reached = administrating.covered_until(days)
    uncovered = (
        today + timedelta(days=n)
        for n in range(40)
        if not any(
            first <= today + timedelta(days=n) and (last is None or last >= today + timedelta(days=n))
            for first, last in days
        )
    )
    first_gap = next(uncovered, None)
    assert reached == (date.max if first_gap is None else first_gap - timedelta(days=1))


def test_two_administrators_who_end_each_other_at_once_leave_one(own_database):
    first, second = administrators()
    done = at_once(
        [
            lambda: ending.end(second, by=actor("guanli"), reason="调离"),
            lambda: ending.end(first, by=actor("guanli2"), reason="调离"),
        ]
    )
    assert refused(done, NotNow) == 1
    assert Membership.objects.on(moments.today()).filter(role=Role.ADMINISTRATOR).count() == 1


def test_nobody_prolongs_the_own_role_but_may_shorten_it():
    last = moments.today() + timedelta(days=2)
    manager = Membership.objects.select_related("user").get(user__username="jiguan")
    other = joined("linshi", role=Role.ADMINISTRATOR, organization=None, valid_to=last)
    own = giving.enter(
        by=SYSTEM,
        person=manager.user,
        role=Role.COORDINATOR,
        organization=manager.organization,
        valid_to=last,
    )
    administrator = Membership.objects.select_related("user").get(user=other)
    for held, by in ((administrator, administrator.actor()), (own, manager.actor())):
        for longer in (None, last + timedelta(days=1)):
            with pytest.raises(NotYours, match="不能延长自己的身份"):
                ending.limit(held, by=by, valid_to=longer)
        ending.limit(held, by=by, valid_to=last - timedelta(days=1))
        ending.limit(held, by=actor("guanli"), valid_to=last)


def test_whoever_leaves_keeps_nothing_that_was_lent_and_is_lent_and_given_nothing_beside(client_of):
    lent, waiting = (User.objects.get(username=name) for name in ("rexian", "mishu"))
    asked = [
        allowing.ask(
            by=actor(person.username), role=Role.WINDOW, place=factories.town(), why="洪水\uff0c电话不通"
        )
        for person in (lent, waiting)
    ]
    open_ = allowing.allow(asked[0], by=actor("guanli"))
    client = client_of("rexian")
    client.post("/switch/role/", {"membership": open_.memberships.get().pk})
    assert client.get("/households/").status_code == 200
    for person in (lent, waiting):
        ending.end(person.memberships.get(emergency=None), by=actor("guanli"), reason="调离")
    assert client.get("/households/").status_code == 302
    assert not Membership.objects.of_today().filter(user__in=(lent, waiting)).exists()
    assert [type(one).objects.get(pk=one.pk).status for one in asked] == ["to_review", "lapsed"]
    with pytest.raises(NotNow):
        allowing.allow(asked[1], by=actor("guanli"))
