"""Whoever does something too often is told how often it may be done, and when again: in words, and for programs."""

from __future__ import annotations

import math
import re
from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from demo.accounts import PASSWORD
from foundation import moments
from foundation.messaging import codes
from foundation.refusals import TooOften
from foundation.rules import reading
from organizations.signing_in import tries
from tests import factories

POLICY = re.compile(r'"(?P<name>[a-z-]+)";q=(?P<most>\d+);w=(?P<seconds>\d+)')


def told(answer, name: str, most: int, seconds: int) -> int:
    """Seconds until it may be done again, as an answer says in each of its headers."""
    assert answer.status_code == 429
    found = POLICY.fullmatch(answer["RateLimit-Policy"])
    assert found and found.groupdict() == {"name": name, "most": str(most), "seconds": str(seconds)}
    again = int(answer["Retry-After"])
    assert answer["RateLimit"] == f'"{name}";r=0;t={again}'
    assert 0 < again <= seconds
    return again


WRONG = {"username": "minzheng", "password": "wrong-password-1"}


@pytest.mark.parametrize("door", ["page", "api"])
def test_wrong_passwords(door):
    client = Client() if door == "page" else APIClient()
    address, more = ("/sign-in/", {}) if door == "page" else ("/api/v1/sign-in", {"format": "json"})
    for _ in range(tries.MOST_HERE):
        assert client.post(address, WRONG, **more).status_code in (200, 400)
    again = told(
        client.post(address, WRONG, **more), "sign-in-account-here", tries.MOST_HERE, tries.MINUTES * 60
    )
    words = client.post(address, WRONG, **more).content.decode()
    assert f" {math.ceil(again / 60)} 分钟后再试" in words
    with moments.as_of(moments.now() + timedelta(seconds=again)):
        assert client.post(address, WRONG, **more).status_code in (200, 400)


def test_revealed_values(api_of, client_of):
    person = factories.AcceptedMatter().household.head.person
    most = int(reading.current("personal_data.reveals").value["an_hour"])
    address = f"/api/v1/reveal/households.Person/{person.pk}/name"
    api, begun = api_of("minzheng"), moments.now()
    for n in range(most):
        with moments.as_of(begun + timedelta(seconds=n)):
            assert api.post(address, {"reason": "核对身份"}, format="json").status_code == 200
    with moments.as_of(begun + timedelta(seconds=600)):
        refused = api.post(address, {"reason": "核对身份"}, format="json")
        assert told(refused, "reveals", most, 3600) == 3000
        assert "请 50 分钟后再看" in refused.json()["detail"]
        page = client_of("minzheng").post(
            f"/reveal/households.Person/{person.pk}/name/", {"reason": "核对身份"}
        )
        assert (page.status_code, page["Retry-After"]) == (422, "3000")
    with moments.as_of(begun + timedelta(seconds=3600.5)):
        assert api_of("minzheng").post(address, {"reason": "核对身份"}, format="json").status_code == 200


def test_codes_for_a_phone():
    begun = moments.now()
    for n in range(codes.MOST_AN_HOUR):
        with moments.as_of(begun + timedelta(minutes=n)):
            codes.send("13812345678", "sign-in", address="10.0.0.1", about="x")
    with moments.as_of(begun + timedelta(minutes=30)), pytest.raises(TooOften) as refused:
        codes.send("13812345678", "sign-in", address="10.0.0.1", about="x")
    assert refused.value.headers["Retry-After"] == "1800"
    assert "请 30 分钟后再试" in str(refused.value.message)
    assert refused.value.headers["RateLimit-Policy"] == f'"codes-of-phone-here";q={codes.MOST_AN_HOUR};w=3600'
    with moments.as_of(begun + timedelta(minutes=61)):
        codes.send("13812345678", "sign-in", address="10.0.0.1", about="x")


def left(answer) -> tuple[str, int]:
    """Which limit an answer tells, and how often more it allows."""
    assert POLICY.fullmatch(answer["RateLimit-Policy"])
    found = re.fullmatch(r'"(?P<name>[a-z-]+)";r=(?P<left>\d+);t=\d+', answer["RateLimit"])
    assert found
    return found["name"], int(found["left"])


def test_what_is_left_is_told_before_it_is_used_up(api_of):
    person = factories.AcceptedMatter().household.head.person
    most = int(reading.current("personal_data.reveals").value["an_hour"])
    api, address = api_of("minzheng"), f"/api/v1/reveal/households.Person/{person.pk}/name"
    for n in range(1, 3):
        answer = api.post(address, {"reason": "核对身份"}, format="json")
        assert left(answer) == ("reveals", most - n)
    wrong = [Client().post("/sign-in/", WRONG) for _ in range(2)]
    assert [left(answer) for answer in wrong] == [
        ("sign-in-account-here", tries.MOST_HERE - 1),
        ("sign-in-account-here", tries.MOST_HERE - 2),
    ]
    right = Client().post("/sign-in/", {**WRONG, "password": PASSWORD})
    assert "RateLimit" not in right, "it counts no more"
    assert "RateLimit" not in Client().get("/")
