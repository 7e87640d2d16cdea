"""Whoever was signed out by something that happened elsewhere is told why, in that browser and in no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from foundation import moments
from foundation.roles import Role
from organizations.bodies.models import Organization
from organizations.people import closing, ending, giving
from organizations.people.models import Membership, User
from organizations.providers import ending as registering
from organizations.signing_in import everywhere, opened
from organizations.signing_in.models import BrowserSession
from tests import factories
from tests.factories import actor
from tests.organizations import test_ended_registrations as ended_registrations
from tests.organizations.newcomers import PASSWORD, joined
from tests.organizations.test_joining_providers import facts

ENDED, NO_ROLE, UNUSED = "您的登录已被结束", "登录已经结束。", "很久没有操作"


def at_the_sign_in_page(session: Client) -> str:
    """What a browser reads whose click led to the sign-in page."""
    answer = session.get("/workbench/", follow=True)
    assert answer.request["PATH_INFO"] == "/sign-in/"
    return answer.content.decode()


@pytest.fixture
def person() -> User:
    return joined()


@pytest.fixture
def session(person) -> Client:
    browser = signed_in(person)
    assert browser.get("/workbench/").status_code == 200
    return browser


def signed_in(person: User) -> Client:
    """A browser in which a person who has joined has signed in."""
    browser = Client()
    browser.post("/sign-in/", {"username": person.username, "password": PASSWORD})
    return browser


def test_all_sessions_were_ended(session, person):
    closing.close(person, by=actor("guanli"))
    assert ENDED in at_the_sign_in_page(session)
    assert ENDED not in at_the_sign_in_page(Client())


def test_the_password_was_changed(session, person):
    person.set_password("qiu-tian-jiang-yin-2027")
    person.save()
    assert ENDED in at_the_sign_in_page(session)


def test_the_only_role_was_ended(session, person):
    ending.end(Membership.objects.get(user=person), by=actor("guanli"), reason="调离")
    page = at_the_sign_in_page(session)
    assert NO_ROLE in page
    assert "请找系统管理员" in page
    assert "登记" not in page.partition("<main")[2].partition("</main>")[0]
    assert ENDED not in page


def test_of_a_registration_that_ended_whoever_registered_is_told_that():
    provider, person = ended_registrations.joined(factories.new_credit_code())
    own = Client()
    own.post("/sign-in/", {"username": person.username, "password": facts()["password"]})
    assert own.get("/workbench/").status_code == 200
    registering.withdraw(provider, by=factories.member_of(provider), reason="不办了")
    assert "您登记的机构没有准入、已经撤回或者失效" in at_the_sign_in_page(own)


def test_one_session_was_ended_from_another(session, person):
    key = session.session.session_key
    row = BrowserSession.objects.get(key=key)
    assert opened.end(person, f"b{row.pk}")
    assert ENDED in at_the_sign_in_page(session)
    stranger = Client()
    stranger.cookies["sessionid"] = "a" * 32
    assert ENDED not in at_the_sign_in_page(stranger)


def test_it_was_unused_for_too_long(session):
    with moments.as_of(moments.now() + timedelta(hours=5)):
        assert UNUSED in at_the_sign_in_page(session)


def test_nothing_is_said_any_more_after_a_new_sign_in(session, person):
    everywhere.sign_out(person)
    assert ENDED in at_the_sign_in_page(session)
    session.post("/sign-in/", {"username": person.username, "password": PASSWORD})
    assert session.get("/workbench/").status_code == 200
    session.post("/sign-out/")
    assert ENDED not in at_the_sign_in_page(session)


def test_who_holds_no_role_is_told_which_one_ended_and_whom_to_ask_and_can_sign_out(person):
    held = Membership.objects.get(user=person)
    ending.end(held, by=actor("guanli"), reason="调离")
    session = signed_in(person)
    answer = session.get("/workbench/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "您现在没有身份" in page
    assert f"“{held.in_full}”" in page
    assert "请找系统管理员" in page
    assert 'action="/sign-out/"' in page
    assert 'href="/sign-in/"' not in page
    assert person.full_name in page


def test_of_an_organization_its_own_administrators_are_named():
    own = Membership.objects.get(user__username="jiguan")
    person = joined(role=Role.SOCIAL_WORKER, organization=own.organization)
    ending.end(Membership.objects.get(user=person), by=actor("guanli"), reason="调离")
    session = signed_in(person)
    assert f"请找机构管理员{own.user.full_name}" in session.get("/workbench/").content.decode()


def test_a_role_that_begins_later_is_named_with_its_first_day():
    person = joined(valid_from=moments.today() + timedelta(days=3))
    session = signed_in(person)
    assert "起才能用" in session.get("/workbench/").content.decode()


def test_the_menu_of_roles_shows_the_place_and_which_one_is_in_use(client_of):
    user = User.objects.get(username="caizheng")
    giving.give(
        by=actor("guanli"),
        person=user,
        role=Role.HANDLER,
        organization=Organization.objects.get(code="yibao"),
    )
    page = client_of("caizheng").get("/workbench/").content.decode()
    assert page.count('aria-current="true"') == 1
    mine = Membership.objects.get(user__username="chuangkou")
    assert str(mine.place) in mine.in_full
    assert str(mine.organization) in mine.in_full
