"""A sign-in from where an account has not been is told to its person, who may say that it was another."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from demo.accounts import PASSWORD
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from foundation.roles import Role
from organizations.people.models import User

API = "/api/v1"


@pytest.fixture
def person() -> User:
    found = User.objects.get(username="shenji")
    found.phone = "13800001111"
    found.save()
    return found


def browser(address: str = "203.0.113.7", known: Client | None = None) -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT="Mozilla/5.0 (Windows) Firefox/150.0")
    if known is not None:
        client.cookies["known"] = known.cookies["known"].value
    given = {"username": "shenji", "password": PASSWORD}
    assert client.post("/sign-in/", given).status_code == 302
    return client


def told() -> list[str]:
    return [message.text for message in Message.objects.filter(about="sign-in:unfamiliar").order_by("pk")]


def test_the_first_of_all_and_those_in_a_known_browser_are_not_told(person):
    own = browser()
    browser("198.51.100.3", known=own)
    assert told() == []


def test_one_from_elsewhere_is_told_by_text_and_in_the_inbox(person):
    browser()
    browser("198.51.100.3")
    (text,) = told()
    assert "Firefox · Windows" in text
    assert "198.51.100.3" in text
    notice = Notice.objects.get(user_id=person.pk)
    assert notice.link == "/account/security/"
    assert "/not-me/" not in str(notice.texts)  # whoever is signed in as the person must not end it for him


def test_another_browser_behind_the_same_address_is_told(person):
    """Several people sit behind one address of an office."""
    browser()
    browser()
    assert len(told()) == 1


def test_a_program_is_told_where_its_address_is_new(person):
    browser()
    given = {"username": "shenji", "password": PASSWORD}
    assert (
        APIClient(REMOTE_ADDR="203.0.113.7").post(f"{API}/sign-in", given, format="json").status_code == 200
    )
    assert told() == []
    assert APIClient(REMOTE_ADDR="192.0.2.9").post(f"{API}/sign-in", given, format="json").status_code == 200
    assert len(told()) == 1


def test_who_says_that_it_was_another_ends_everything_once(person):
    own = browser()
    stranger = browser("198.51.100.3")
    path = re.search(r"/not-me/\S+?/", told()[0]).group()
    assert Client().get(path).status_code == 200
    assert stranger.get("/inbox/").status_code == 200  # looking does nothing
    assert Client().post(path).status_code == 200
    assert stranger.get("/inbox/").status_code == 302
    assert own.get("/inbox/").status_code == 302
    again = Client().post("/sign-in/", {"username": "shenji", "password": PASSWORD})
    assert again.status_code == 200
    assert Entry.objects.get(move="not_me").object_id == person.pk
    assert Notice.objects.filter(role=Role.ADMINISTRATOR, object_id=person.pk).exists()
    assert Client().post(path).status_code == 410


def test_a_link_of_another_make_is_over(person):
    assert Client().get("/not-me/nonsense/").status_code == 410
