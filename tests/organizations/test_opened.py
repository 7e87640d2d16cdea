"""What one has open is listed and ended by its owner; what is not used ends by itself, and loses nothing typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from demo.accounts import PASSWORD
from foundation.drafts import owning
from foundation.drafts.models import FormDraft
from organizations.people.models import User
from organizations.signing_in import gate, opened
from organizations.signing_in.models import BrowserSession, Token
from tests.factories.rules import rule

API = "/api/v1"
NOON = datetime(2026, 11, 28, 4, 1, tzinfo=UTC)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def browser(username: str, agent: str = CHROME, address: str = "203.0.113.7") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert client.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


def program(username: str) -> APIClient:
    client = APIClient(HTTP_USER_AGENT="orders/2.1")
    given = {"username": username, "password": PASSWORD}
    text = client.post(f"{API}/sign-in", given, format="json").json()["token"]
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    return client


def test_it_says_where_and_since_when_and_which_one_is_this(clock):
    here = browser("shenji")
    clock.shift(timedelta(minutes=5))
    browser("shenji", PHONE, "198.51.100.3")
    program("shenji")
    browser("minzheng")
    page = here.get("/account/security/").content.decode()
    for said in ("Chrome · Windows", "Safari · iPhone", "198.51.100.3", "orders/2.1"):
        assert said in page, said
    assert page.count("就是这里") == 1
    rows = here.get(f"{API}/sign-ins").json()
    assert [row["current"] for row in rows] == [True, False, False]
    assert rows[0]["address"] == "203.0.113.7"


def test_use_is_written_down_once_a_minute(clock):
    client, api = browser("shenji"), program("shenji")
    clock.shift(timedelta(minutes=9))
    client.get("/inbox/")
    api.get(f"{API}/me")
    now = datetime.now(UTC)
    assert BrowserSession.objects.get(user__username="shenji").last_used_at == now
    assert Token.objects.get(user__username="shenji").last_used_at == now


def test_one_is_ended_at_once_and_the_others_go_on():
    here, there, api = browser("shenji"), browser("shenji", PHONE), program("shenji")
    rows = {row["what"]: row for row in here.get(f"{API}/sign-ins").json()}
    number = rows["Safari · iPhone"]["id"]
    assert browser("minzheng").post(f"/account/security/opened/{number}/end/").status_code == 404
    assert here.post(f"/account/security/opened/{number}/end/").status_code == 302
    assert there.get("/inbox/").status_code == 302
    token = next(row for row in rows.values() if "orders" in row["what"])
    assert here.post(f"{API}/sign-ins/{token['id']}/end").status_code == 204
    assert api.get(f"{API}/me").status_code == 401
    assert here.get("/inbox/").status_code == 200


def test_all_others_are_ended_and_this_one_goes_on():
    here, there, api = browser("shenji"), browser("shenji", PHONE), program("shenji")
    assert here.post("/account/security/opened/end-others/").status_code == 302
    assert there.get("/inbox/").status_code == 302
    assert api.get(f"{API}/me").status_code == 401
    assert here.get("/inbox/").status_code == 200
    assert len(here.get(f"{API}/sign-ins").json()) == 1


def test_a_new_password_leaves_this_one_alone_in_the_list():
    here = browser("shenji")
    browser("shenji", PHONE)
    new = "another-long-one-9"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/password/", fields).status_code == 302
    (row,) = here.get(f"{API}/sign-ins").json()
    assert row["current"]


@pytest.mark.parametrize("number", ["b0", "b999999999999999999999", "t", "x1", "b1-2"])
def test_a_number_of_nothing_is_not_there(number):
    here = browser("shenji")
    assert here.post(f"/account/security/opened/{number}/end/").status_code == 404


def test_what_is_not_used_ends_and_sooner_in_the_roles_that_see_personal_data(clock):
    times = gate.times_of(User.objects.get(username="shenji").memberships.of_today()[0])
    assert times.idle == timedelta(minutes=30)
    client = browser("shenji")
    for _ in range(3):
        clock.shift(times.idle - timedelta(minutes=1))
        assert client.get("/inbox/").status_code == 200
    clock.shift(times.idle + timedelta(minutes=1))
    assert client.get("/inbox/")["Location"].startswith("/sign-in/?next=/inbox/")
    assert client.get(f"{API}/me").status_code == 401


def test_used_or_not_it_ends_after_the_longest_time(clock):
    client = browser("shenji")
    for _ in range(16):
        clock.shift(timedelta(minutes=29))
        assert client.get("/inbox/").status_code == 200
    clock.shift(timedelta(minutes=29))
    assert client.get("/inbox/").status_code == 302


def test_the_times_are_a_rule(clock):
    rule(gate.TIMES, idle_personal=5)
    client = browser("shenji")
    clock.shift(timedelta(minutes=6))
    assert client.get("/inbox/").status_code == 302


def test_a_script_that_asks_by_itself_keeps_nothing_open_and_a_click_does(clock):
    client = browser("shenji")
    assert 'data-unused-seconds="1800"' in client.get("/inbox/").content.decode()
    clock.shift(timedelta(minutes=20))
    assert client.get("/session/").json()["who"]
    clock.shift(timedelta(minutes=11))
    assert client.get("/inbox/").status_code == 302
    client = browser("shenji")
    clock.shift(timedelta(minutes=20))
    assert client.post("/account/stay/").status_code == 204
    clock.shift(timedelta(minutes=11))
    assert client.get("/inbox/").status_code == 200


def test_what_was_typed_when_it_ended_waits_for_its_owner(clock, who):
    client = browser("minzheng")
    path = "/rules/new/propose/"
    clock.shift(timedelta(minutes=31))
    typed = {"note": "先写到这里", "owner": owning.mark(who("minzheng")), "key": "k" * 32}
    answer = client.post(path, typed)
    assert answer["Location"].startswith("/sign-in/?next=")
    draft = FormDraft.objects.get(user_id=User.objects.get(username="minzheng").pk)
    assert draft.path == path


def test_what_is_over_is_forgotten_by_night(clock):
    browser("shenji")
    program("shenji")
    clock.shift(timedelta(days=3))
    opened.forget_old()
    assert not BrowserSession.objects.exists()
    assert not Token.objects.exists()
