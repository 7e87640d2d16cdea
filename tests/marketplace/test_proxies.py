"""Behind a proxy that is trusted, the person's own address and scheme; from anybody else, nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from foundation.journal.models import Entry
from marketplace.server.addresses import loopback
from marketplace.server.proxies import client_of, networks
from tests import factories

PROXIES = ["127.0.0.1", "10.1.0.0/16", "fd00::/8"]


@pytest.mark.parametrize(
    ("connected", "said", "client"),
    [
        ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5, 10.1.2.3", "203.0.113.5"),
        ("127.0.0.1", "10.1.9.9, 10.1.2.3", "10.1.9.9"),
        ("127.0.0.1", "203.0.113.5:4711", "203.0.113.5"),
        ("fd00::1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5, nonsense", "127.0.0.1"),
        ("127.0.0.1", "nonsense, 203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", " , ,", "127.0.0.1"),
        ("198.51.100.1", "203.0.113.5", "198.51.100.1"),
        ("10.2.0.1", "203.0.113.5", "10.2.0.1"),
    ],
)
def test_the_client_is_the_last_address_that_is_no_proxy_of_ours(connected, said, client):
    with override_settings(TRUSTED_PROXIES=PROXIES):
        assert client_of(connected, said) == client


def test_without_a_proxy_nobody_is_believed(who):
    assert client_of("127.0.0.1", "203.0.113.5") == "127.0.0.1"


@pytest.mark.parametrize(("trusted", "seen"), [(["127.0.0.1"], "203.0.113.5"), ([], "127.0.0.1")])
def test_the_journal_notes_the_persons_own_address(client_of, trusted, seen):
    person = factories.AcceptedMatter().household.head.person_id
    with override_settings(TRUSTED_PROXIES=trusted):
        answer = client_of("chuangkou").post(
            f"/reveal/households.Person/{person}/name/",
            {"reason": "今天上门前联系"},
            headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.5"},
        )
    assert answer.status_code == 200
    assert Entry.objects.get(lifecycle="households.Person", move="reveal", object_id=person).address == seen


@override_settings(SECURE_SSL_REDIRECT=True, TRUSTED_PROXIES=["127.0.0.1"])
def test_https_at_the_proxy_is_no_redirect_and_http_is_one(client):
    by_https = client.get("/help/", headers={"X-Forwarded-Proto": "https"})
    assert by_https.status_code == 200
    assert client.get("/help/", headers={"X-Forwarded-Proto": "http"}).status_code == 301
    assert client.get("/help/").status_code == 301
    stranger = Client(REMOTE_ADDR="203.0.113.5")
    assert stranger.get("/help/", headers={"X-Forwarded-Proto": "https"}).status_code == 301


def test_a_proxy_that_is_no_address_is_told_at_the_start():
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        networks(("nginx",))


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("0.0.0.0", False),  # noqa: S104  what is tried
        ("::", False),
        ("192.168.1.9", False),
        ("", False),
        ("jiuzhu.example.cn", False),
        ("localhost.example.cn", False),
        ("10.0.0.1", False),
    ],
)
def test_which_hosts_are_this_machine_alone(host, here):
    assert loopback(host) is here
