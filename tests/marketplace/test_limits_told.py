"""Whoever does something too often is told how often it may be done, and when again: in words, and for programs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

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
    assert refused.value.headers["RateLimit-Policy"] == f'"codes-of-phone-here";q={codes.MOST_AN_HOUR};w=3600'
    with moments.as_of(begun + timedelta(minutes=61)):
        codes.send("13812345678", "sign-in", address="10.0.0.1", about="x")
