"""Wrong passwords are counted so that guessing ends, and nobody else is kept out by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client

from demo.accounts import PASSWORD as DEMO_PASSWORD
from organizations.people.models import User
from organizations.signing_in import devices, tries

PAGE, API = "/sign-in/", "/api/v1/sign-in"
OFFICE, AWAY = "203.0.113.7", "203.0.113.8"


@pytest.fixture(autouse=True)
def one_stretch_of_time() -> Iterator[None]:
    """No test runs over the end of a quarter of an hour, at which counts begin anew."""
    with time_machine.travel(datetime(2026, 11, 28, 2, 1, tzinfo=UTC), tick=False):
        yield


@pytest.fixture(params=[PAGE, API])
def door(request) -> str:
    return request.param


@pytest.fixture
def sign_in(door) -> Callable[..., int]:
    """The status of a sign-in through one door; 302 or 200 where it was right."""

    def one(client: Client, username: str, password: str = DEMO_PASSWORD, **headers: str) -> int:
        kind = {} if door == PAGE else {"content_type": "application/json"}
        given = {"username": username, "password": password}
        answer = client.post(door, given, headers=headers, **kind)
        if answer.status_code == 429:
            assert 0 < int(answer["Retry-After"]) <= 900
            if door == API:
                assert answer["Content-Type"] == "application/problem+json"
        right = 302 if door == PAGE else 200
        wrong = 200 if door == PAGE else 400
        return {right: 1, wrong: 0, 429: 429}[answer.status_code]

    return one


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def people() -> list[str]:
    return list(User.objects.exclude(username="minzheng").values_list("username", flat=True))


def test_a_clumsy_colleague_keeps_nobody_of_the_office_out(sign_in):
    codes = [sign_in(at(OFFICE), "minzheng", "wrong") for _ in range(120)]
    assert set(codes[8:]) == {429}
    assert {sign_in(at(OFFICE), person) for person in people()} == {1}
    assert sign_in(at(AWAY), "minzheng") == 1


def test_an_office_that_mistypes_one_by_one_is_not_kept_out(sign_in):
    for person in people():
        assert sign_in(at(OFFICE), person, "mistyped") == 0
        assert sign_in(at(OFFICE), person, "mistyped again") == 0
    assert {sign_in(at(OFFICE), person) for person in people()} == {1}


@pytest.mark.parametrize("spoof", [False, True])
def test_one_address_may_not_try_many_accounts_and_keeps_no_known_browser_out(sign_in, spoof):
    known = at(OFFICE)
    assert sign_in(known, "minzheng") == 1
    codes = [
        sign_in(
            at(OFFICE),
            f"official{number}",
            "Summer-2026!",
            **({"X-Forwarded-For": f"10.0.0.{number % 250}"} if spoof else {}),
        )
        for number in range(tries.MOST_OF_ADDRESS + 5)
    ]
    assert set(codes[tries.MOST_OF_ADDRESS :]) == {429}
    assert 429 not in codes[: tries.MOST_OF_ADDRESS]
    assert sign_in(at(OFFICE), "shenji") == 429
    assert sign_in(at(AWAY), "shenji") == 1
    known.cookies.pop("sessionid", None)
    assert sign_in(known, "minzheng", "mistyped") == 0
    assert sign_in(known, "minzheng") == 1
    assert sign_in(known, "shenji") == 429


def test_a_network_of_version_six_counts_as_one(sign_in):
    codes = [
        sign_in(at(f"2001:db8:1:2::{number:x}"), f"u{number}", "x")
        for number in range(tries.MOST_OF_ADDRESS + 1)
    ]
    assert codes[-1] == 429


def test_many_addresses_together_may_not_try_one_account_without_end(sign_in):
    known = at(AWAY)
    assert sign_in(known, "minzheng") == 1
    codes = [
        sign_in(at(f"198.51.100.{number // 4}"), "minzheng", "x")
        for number in range(tries.MOST_OF_ACCOUNT + 1)
    ]
    assert codes[-1] == 429
    assert 429 not in codes[:-1]
    assert sign_in(at(OFFICE), "minzheng") == 429
    assert sign_in(known, "minzheng") == 1
    assert sign_in(at(OFFICE), "shenji") == 1


def test_a_known_browser_has_a_count_of_its_own_that_a_right_password_clears(sign_in):
    known = at(OFFICE)
    assert sign_in(known, "minzheng") == 1
    for _ in range(2):
        assert [sign_in(known, "minzheng", "x") for _ in range(7)] == [0] * 7
        assert sign_in(known, "minzheng") == 1
    assert [sign_in(known, "minzheng", "x") for _ in range(9)] == [0] * 8 + [429]
    assert sign_in(known, "minzheng") == 429
    assert sign_in(at(OFFICE), "minzheng") == 1


def test_right_passwords_use_nothing_up(sign_in):
    for _ in range(tries.MOST_OF_ACCOUNT + 2):
        assert sign_in(at(OFFICE), "minzheng") == 1


def locked_here(sign_in: Callable[..., int]) -> None:
    for _ in range(8):
        sign_in(at(OFFICE), "minzheng", "x")
    assert sign_in(at(OFFICE), "minzheng") == 429


@pytest.mark.parametrize(
    "said", ["", ".", "a" * 48, "0" * 48, "0" * 47, ".".join(["f" * 48] * 500), "\u00e9"]
)
def test_a_browser_that_only_says_to_be_known_is_not(sign_in, said):
    locked_here(sign_in)
    liar = at(OFFICE)
    liar.cookies = SimpleCookie()
    liar.cookies[devices.COOKIE] = said
    assert sign_in(liar, "minzheng") == 429
    assert sign_in(liar, "shenji") == 1


def by_hand(client: Client) -> None:
    User.objects.filter(username="minzheng").update(password=make_password(DEMO_PASSWORD))


def of_somebody_else(client: Client) -> None:
    other = at(OFFICE)
    other.post(PAGE, {"username": "shenji", "password": DEMO_PASSWORD})
    client.cookies[devices.COOKIE] = other.cookies[devices.COOKIE].value


@pytest.mark.parametrize("lose", [by_hand, of_somebody_else])
def test_a_browser_is_known_for_one_account_under_one_password(sign_in, lose):
    known = at(OFFICE)
    assert sign_in(known, "minzheng") == 1
    lose(known)
    locked_here(sign_in)
    assert sign_in(known, "minzheng") == 429


def test_one_browser_is_known_for_all_who_share_it(sign_in):
    shared = at(OFFICE)
    names = people()[: devices.MOST]
    for name in names:
        assert sign_in(shared, name) == 1
    for name in names:
        for _ in range(8):
            sign_in(at(OFFICE), name, "x")
        assert sign_in(at(OFFICE), name) == 429
        assert sign_in(shared, name) == 1
    assert shared.cookies[devices.COOKIE]["httponly"]


def test_the_old_password_is_not_guessed_either_and_a_new_one_leaves_the_browser_known(client_of):
    new = "a-long-enough-1"

    def change(client: Client, old: str, to: str) -> int:
        given = {"old_password": old, "new_password1": to, "new_password2": to}
        return client.post("/password/", given).status_code

    client = client_of("minzheng")
    assert [change(client, "guess", new) for _ in range(8)] == [200] * 8
    assert change(client, DEMO_PASSWORD, new) == 429
    own = at(AWAY)
    own.post(PAGE, {"username": "minzheng", "password": DEMO_PASSWORD})
    assert change(own, DEMO_PASSWORD, new) == 302
    for number in range(tries.MOST_OF_ACCOUNT):
        at(f"198.51.100.{number}").post(PAGE, {"username": "minzheng", "password": "x"})
    assert at(AWAY).post(PAGE, {"username": "minzheng", "password": new}).status_code == 429
    assert own.post(PAGE, {"username": "minzheng", "password": new}).status_code == 302


def test_a_stranger_with_an_address_of_its_own_keeps_no_official_out(sign_in):
    for _ in range(60):
        sign_in(at(AWAY), "minzheng", "x")
    assert sign_in(at(OFFICE), "minzheng") == 1
