"""Tokens of programs and the role they act in: dead with the password, ended by hand, never another's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from rest_framework.test import APIClient

from demo.accounts import PASSWORD as DEMO_PASSWORD
from foundation import moments
from foundation.journal.models import Entry
from organizations.people.models import Membership, User
from organizations.signing_in import known
from organizations.signing_in.models import Token
from tests.factories.rules import rule
from tests.marketplace.problems import problem

NEW = "another-long-one-9"


def by_page(user: User) -> None:
    client = Client()
    client.force_login(user)
    fields = {"old_password": DEMO_PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/password/", fields).status_code == 302


def by_set_password(user: User) -> None:
    user.set_password(NEW)
    user.save()


def by_one_column(user: User) -> None:
    user.set_password(NEW)
    user.save(update_fields=["password"])


def by_update(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password=make_password(NEW))


def by_making_it_unusable(user: User) -> None:
    user.set_unusable_password()
    user.save()


@pytest.mark.parametrize(
    "change", [by_set_password, by_one_column, by_update, by_making_it_unusable, by_page]
)
def test_every_token_is_dead_when_the_password_changes_whatever_the_door(api_of, change):
    first, second, other = api_of("shenji"), api_of("shenji"), api_of("caizheng")
    assert first.get("/api/v1/me").status_code == 200
    change(User.objects.get(username="shenji"))
    for api in (first, second):
        problem(api.get("/api/v1/me"), 401, "sign-in")
    assert other.get("/api/v1/me").status_code == 200


def test_a_token_given_after_the_change_is_good(api_of):
    by_set_password(User.objects.get(username="shenji"))
    api = APIClient()
    given = {"username": "shenji", "password": NEW}
    answer = api.post("/api/v1/sign-in", given, format="json")
    assert "no-store" in answer["Cache-Control"]
    api.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert api.get("/api/v1/me").status_code == 200


def test_signing_out_ends_this_token_and_no_other(api_of):
    one, other = api_of("shenji"), api_of("shenji")
    assert one.post("/api/v1/sign-out").status_code == 204
    assert one.get("/api/v1/me").status_code == 401
    assert other.get("/api/v1/me").status_code == 200


def test_one_sees_ones_own_tokens_and_ends_those_only(api_of):
    one, other, stranger = api_of("shenji"), api_of("shenji"), api_of("caizheng")
    rows = one.get("/api/v1/tokens").json()["results"]
    assert [row["current"] for row in rows].count(True) == 1
    assert len(rows) == 2
    assert all(len(row["id"]) < 20 for row in rows)
    (away,) = [row["id"] for row in rows if not row["current"]]
    for wrong in (away[:-1], "0" * 16):
        problem(one.post(f"/api/v1/tokens/{wrong}/revoke"), 404, "not-found")
    problem(stranger.post(f"/api/v1/tokens/{away}/revoke"), 404, "not-found")
    assert one.post(f"/api/v1/tokens/{away}/revoke").status_code == 204
    assert other.get("/api/v1/me").status_code == 401
    assert one.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    ("asked", "code", "kind"),
    [
        ("999999", 403, "not-yours"),
        ("0", 403, "not-yours"),
        *((each, 400, "invalid") for each in ("abc", "", "1.0", "9" * 5000, "\u00b2", "null")),
    ],
)
def test_a_membership_that_is_none_is_never_another(api_of, client_of, asked, code, kind):
    header = {"X-Membership": asked.encode().decode("latin-1")}
    problem(api_of("minzheng").get("/api/v1/journal", headers=header), code, kind)
    problem(client_of("minzheng").get("/api/v1/journal", headers=header), code, kind)


def test_a_membership_of_somebody_else_or_that_has_ended_is_refused(api_of):
    user = User.objects.get(username="minzheng")
    foreign = Membership.objects.exclude(user=user).first()
    body = user.memberships.first().organization
    ended = Membership.objects.create(
        user=user, role="handler", organization=body, valid_from="2020-01-01", valid_to="2021-01-01"
    )
    api = api_of("minzheng")
    for each in (foreign, ended):
        answer = api.get("/api/v1/journal", headers={"X-Membership": str(each.pk)})
        problem(answer, 403, "not-yours")
    own = user.memberships.first()
    assert api.get("/api/v1/journal", headers={"X-Membership": str(own.pk)}).status_code == 200


def test_a_page_acts_in_another_role_only_when_asked_after_the_chosen_one_has_ended(client_of):
    user = User.objects.get(username="caizheng")
    second = Membership.objects.create(
        user=user, role="handler", organization=user.memberships.first().organization, valid_from="2020-01-01"
    )
    first = user.memberships.first()
    client = client_of("caizheng")
    client.post("/switch/role/", {"membership": second.pk})
    assert client.get("/workbench/").status_code == 200
    Membership.objects.filter(pk=second.pk).update(valid_to="2021-01-01")
    answer = client.get("/workbench/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "您原来的身份已经结束" in page
    assert f'value="{first.pk}"' in page
    assert f'value="{second.pk}"' not in page
    assert client.post("/switch/role/", {"membership": second.pk}).status_code == 404
    assert client.post("/switch/role/", {"membership": first.pk}).status_code == 302
    assert client.get("/workbench/").status_code == 200


def test_a_page_whose_role_ends_goes_on_in_no_other_though_none_was_ever_chosen():
    user = User.objects.get(username="caizheng")
    first = user.memberships.get()
    Membership.objects.create(
        user=user, role="handler", organization=first.organization, valid_from="2020-01-01"
    )
    client = Client()
    client.post("/sign-in/", {"username": "caizheng", "password": DEMO_PASSWORD})
    assert client.get("/workbench/").status_code == 200
    Membership.objects.filter(pk=first.pk).update(valid_from="2020-01-01", valid_to="2021-01-01")
    answer = client.get("/workbench/")
    assert answer.status_code == 403
    assert "您原来的身份已经结束" in answer.content.decode()
    assert client.get("/api/v1/needs").status_code == 403


def test_a_token_ends_unused_and_after_its_longest_time_as_a_session_does(api_of):
    api = api_of("shenji")
    token = Token.objects.get()
    now = moments.now()
    with moments.as_of(now + timedelta(minutes=29)):
        assert api.get("/api/v1/me").status_code == 200
    with moments.as_of(now + timedelta(minutes=70)):
        problem(api.get("/api/v1/me"), 401, "sign-in")
    rule("sign_in.times", idle_personal=600, idle=600, roles=[], hours=1)
    Token.objects.filter(pk=token.pk).update(created=now - timedelta(minutes=61), last_used_at=now)
    problem(api.get("/api/v1/me"), 401, "sign-in")


def test_a_token_whose_role_has_ended_acts_in_no_other_and_says_which_there_are(api_of):
    user = User.objects.get(username="caizheng")
    first = user.memberships.get()
    api = api_of("caizheng")
    second = Membership.objects.create(
        user=user, role="handler", organization=first.organization, valid_from="2020-01-01"
    )
    Membership.objects.filter(pk=first.pk).update(valid_from="2020-01-01", valid_to="2021-01-01")
    answer = api.get("/api/v1/needs")
    problem(answer, 403, "not-yours")
    assert str(second.pk) in answer.json()["detail"]
    assert api.get("/api/v1/needs", headers={"X-Membership": str(second.pk)}).status_code == 200


@pytest.mark.parametrize("named", ["999999", "abc", "", "another"])
def test_a_page_does_nothing_in_another_role_than_the_one_that_is_named(client_of, named):
    user = User.objects.get(username="minzheng")
    own = user.memberships.first()
    other = Membership.objects.exclude(user=user).first()
    client = client_of("minzheng")
    number = str(other.pk) if named == "another" else named
    assert client.get("/workbench/", headers={"X-Membership": number}).status_code == 403
    assert client.get("/workbench/", headers={"X-Membership": str(own.pk)}).status_code == 200


def close(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def end_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password=make_password(NEW))


@pytest.mark.parametrize("end", [close, end_sessions])
def test_nothing_large_is_taken_in_from_a_session_or_token_that_is_dead(api_of, client_of, end):
    user = User.objects.get(username="shenji")
    token = api_of("shenji")._credentials["HTTP_AUTHORIZATION"]
    cookie = f"sessionid={client_of('shenji').cookies['sessionid'].value}"
    assert known.signed_in("", token)
    assert known.signed_in(cookie, "")
    end(user)
    assert not known.signed_in("", token)
    assert not known.signed_in(cookie, "")


@pytest.mark.parametrize("asked", ['"zzz"', 'W/"1"', '"a", "b"', "\u00ff", ""])
def test_nothing_is_done_on_a_condition_that_is_not_compared(api_of, asked):
    api = api_of("minzheng")
    header = {"If-Match": asked.encode().decode("latin-1")}
    before = Entry.objects.count()
    problem(api.post("/api/v1/duties/assign", {}, format="json", headers=header), 412, "precondition-failed")
    assert api.get("/api/v1/me", headers=header).status_code == 200
    assert api.post("/api/v1/duties/assign", {}, format="json", headers={"If-Match": "*"}).status_code == 400
    assert Entry.objects.count() == before
