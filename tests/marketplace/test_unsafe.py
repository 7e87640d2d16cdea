"""What is unsafe where others can come starts nothing there, and is told in words with what to do instead."""

from __future__ import annotations

import runpy

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from foundation.messaging.senders import sender
from marketplace.server import starting, unsafe

UNSENT = "foundation.messaging.senders.Unsent"
CITY = "https://jiuzhu.example.cn"
GOOD = "jV0yq3fZt8sWm2LxB7nRk5cHd9pGa4Ue"
#: A key of 32 bytes.
KEY = f"{GOOD.swapcase()}aB3dE5fG7h9="


@pytest.fixture
def city(settings, tmp_path):
    """The settings of a city behind a proxy, with nothing against them."""
    settings.PUBLIC, settings.PUBLIC_BY = True, [f"PUBLIC_ADDRESS={CITY}"]
    settings.PUBLIC_ADDRESS, settings.HTTPS = CITY, True
    settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS = ["jiuzhu.example.cn"], [CITY]
    settings.TRUSTED_PROXIES, settings.MESSAGE_SENDER = ["127.0.0.1"], UNSENT
    settings.SECRET_KEY, settings.LIANDONG_HASH_KEY = GOOD, GOOD[::-1]
    settings.LIANDONG_DATA_KEYS = f"1:{KEY}"
    settings.VAR = tmp_path
    sender.cache_clear()
    assert unsafe.reasons() == []
    yield settings
    sender.cache_clear()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"DEBUG": True}, "DEBUG=1"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY can be guessed"),
        ({"SECRET_KEY": GOOD[::-1]}, "are the same"),
        ({"LIANDONG_DATA_KEYS": ""}, "LIANDONG_DATA_KEYS can be guessed"),
        ({"MESSAGE_SENDER": "foundation.messaging.senders.Kept"}, "shows every sign-in code"),
        ({"PUBLIC_ADDRESS": "http://jiuzhu.example.cn", "HTTPS": False}, "in clear"),
        ({"TRUSTED_PROXIES": []}, "nobody speaks HTTPS"),
        ({"TRUSTED_PROXIES": ["0.0.0.0/1", "128.0.0.0/1"]}, "TRUSTED_PROXIES names the whole world"),
        ({"TRUSTED_PROXIES": ["2000::/3"]}, "TRUSTED_PROXIES names the whole world"),
        ({"METRICS_FROM": ["0.0.0.0/0"]}, "METRICS_FROM names the whole world"),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS=*"),
        ({"ALLOWED_HOSTS": ["jiuzhu.example.cn", ".cn"]}, "ALLOWED_HOSTS=.cn"),
        ({"ALLOWED_HOSTS": ["localhost"]}, "ALLOWED_HOSTS lacks jiuzhu.example.cn"),
        ({"PUBLIC_ADDRESS": "https://0.0.0.0:8000"}, "nobody's address"),
        ({"PUBLIC_ADDRESS": "https://[::]"}, "nobody's address"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.example.cn"]}, "CSRF_TRUSTED_ORIGINS=https://*.example.cn"),
        ({"CSRF_TRUSTED_ORIGINS": ["jiuzhu.example.cn"]}, "is no origin"),
        ({"CSRF_TRUSTED_ORIGINS": [CITY, "http://old.example.cn"]}, "pages in clear"),
        ({"EMAIL_HOST": "smtp.example.cn", "DEFAULT_FROM_EMAIL": ""}, "EMAIL_FROM"),
        (
            {
                "EMAIL_HOST": "smtp.example.cn",
                "DEFAULT_FROM_EMAIL": "a@example.cn",
                "EMAIL_HOST_PASSWORD": "x",
                "EMAIL_PORT": 25,
                "EMAIL_USE_TLS": False,
            },
            "EMAIL_PORT=25",
        ),
        ({"SECURE_HSTS_PRELOAD": True, "SECURE_HSTS_SECONDS": 31_536_000}, "HSTS_SUBDOMAINS=1"),
        (
            {
                "SECURE_HSTS_PRELOAD": True,
                "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
                "SECURE_HSTS_SECONDS": 3600,
            },
            "HSTS_SECONDS=31536000",
        ),
    ],
    ids=str,
)
def test_what_is_unsafe_is_refused_with_its_reason(city, said, why):
    for name, value in said.items():
        setattr(city, name, value)
    sender.cache_clear()
    assert why in starting.refusal_of_settings()
    with pytest.raises(Exception, match=r"marketplace\.E001"):
        call_command("check", deploy=True, tags=["security"])


def test_all_that_is_unsafe_is_told_at_once(city):
    city.DEBUG, city.ALLOWED_HOSTS, city.TRUSTED_PROXIES = True, ["*"], ["::/0"]
    said = starting.refusal_of_settings()
    assert all(name in said for name in ("DEBUG=1", "ALLOWED_HOSTS=*", "TRUSTED_PROXIES"))


def test_the_same_is_nobodys_harm_on_a_machine_of_ones_own(city):
    city.DEBUG, city.ALLOWED_HOSTS, city.SECRET_KEY = True, ["*"], "x"
    city.PUBLIC_ADDRESS, city.HTTPS, city.TRUSTED_PROXIES = "http://127.0.0.1:8000", False, []
    city.PUBLIC = False
    assert starting.refusal_of_settings() == ""


@pytest.mark.parametrize("name", ["DEMO", "PLAIN_HTTP"])
def test_plain_http_goes_where_all_is_invented_or_the_operator_answers_for_it_and_is_said(city, name):
    city.PUBLIC_ADDRESS, city.HTTPS = "http://jiuzhu.example.cn", False
    setattr(city, name, True)
    assert starting.refusal_of_settings() == ""
    assert f"{name}=1" in " ".join(unsafe.warnings())


@pytest.fixture
def database(city, monkeypatch):
    """Sets where the database of the city is."""
    monkeypatch.delenv("PGSSLMODE", raising=False)
    city.EMBEDDED = False
    target = connections.settings["default"]

    def at(**said):
        for name, value in ({"HOST": "", "USER": "liandong", "PASSWORD": "", "OPTIONS": {}} | said).items():
            monkeypatch.setitem(target, name, value)

    return at


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, ""),
        ({"HOST": "/var/run/postgresql"}, ""),
        ({"HOST": "localhost", "PASSWORD": "Wq7cJ2nV"}, ""),
        ({"HOST": "db.example.cn", "OPTIONS": {"sslmode": "verify-full"}}, ""),
        ({"HOST": "db.example.cn", "OPTIONS": {"sslmode": "disable"}}, ""),
        ({"HOST": "db.example.cn"}, "sslmode=verify-full"),
        ({"HOST": "127.0.0.1,db.example.cn"}, "sslmode=verify-full"),
        ({"HOST": "localhost", "PASSWORD": "postgres"}, "anybody tries"),
        ({"HOST": "localhost", "PASSWORD": "Liandong"}, "anybody tries"),
    ],
    ids=str,
)
def test_the_way_to_a_database_elsewhere_is_encrypted_or_meant_to_be_open(database, said, why):
    database(**said)
    found = starting.refusal_of_settings()
    assert (why in found) if why else found == ""


def test_a_way_that_is_meant_to_be_open_is_said(database):
    database(HOST="db.example.cn", OPTIONS={"sslmode": "disable"})
    assert "sslmode=disable" in " ".join(unsafe.warnings())
    database(HOST="db.example.cn", OPTIONS={"sslmode": "verify-full"})
    assert "sslmode" not in " ".join(unsafe.warnings())


@pytest.mark.parametrize(
    ("mode", "refused"), [(0o600, False), (0o400, False), (0o640, True), (0o644, True), (0o604, True)]
)
def test_secrets_that_others_of_the_machine_can_read_are_told(city, mode, refused):
    path = city.VAR / "secrets.env"
    path.touch()
    path.chmod(mode)
    assert bool(starting.refusal_of_settings()) is refused
    if refused:
        assert f"chmod 600 {path}" in starting.refusal_of_settings()


def test_a_key_may_be_read_by_a_group_and_not_by_everybody(city, tmp_path):
    key = tmp_path / "contracts.p12"
    key.touch()
    city.SIGNING_CERTIFICATE = str(key)
    key.chmod(0o640)
    assert starting.refusal_of_settings() == ""
    key.chmod(0o644)
    assert str(key) in starting.refusal_of_settings()


def test_the_settings_of_a_city_have_nothing_that_djangos_own_check_finds(city):
    city.SESSION_COOKIE_SECURE = city.CSRF_COOKIE_SECURE = city.SECURE_SSL_REDIRECT = True
    city.SECURE_HSTS_SECONDS = city.HSTS_YEAR
    city.SECRET_KEY = GOOD + GOOD[::-1]
    call_command("check", deploy=True, tags=["security"], fail_level="WARNING")


# --- HSTS ---------------------------------------------------------------------------------------

NAMED = ("HOST", "PORT", "PUBLIC_ADDRESS", "HSTS_SECONDS", "HSTS_SUBDOMAINS", "HSTS_PRELOAD", "EMAIL_PORT")


def settings_of(monkeypatch, settings, **said: str) -> dict[str, object]:
    """The settings as an operator's variables make them."""
    for name in NAMED:
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(settings.BASE_DIR / "marketplace" / "settings.py"))


HSTS = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")


@pytest.mark.parametrize(
    ("said", "header"),
    [
        ({"PUBLIC_ADDRESS": CITY}, "max-age=31536000"),
        ({"PUBLIC_ADDRESS": CITY, "HSTS_SECONDS": "3600"}, "max-age=3600"),
        ({"PUBLIC_ADDRESS": CITY, "HSTS_SUBDOMAINS": "1"}, "max-age=31536000; includeSubDomains"),
        (
            {"PUBLIC_ADDRESS": CITY, "HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1", "HSTS_SECONDS": "63072000"},
            "max-age=63072000; includeSubDomains; preload",
        ),
        ({"PUBLIC_ADDRESS": CITY, "HSTS_SECONDS": "0"}, None),
        ({"PUBLIC_ADDRESS": "http://jiuzhu.example.cn", "HSTS_SUBDOMAINS": "1"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_browsers_are_bound_to_https_as_the_city_says(monkeypatch, settings, said, header):
    made = settings_of(monkeypatch, settings, **said)
    for name in HSTS:
        setattr(settings, name, made[name])
    answer = Client().get("/help/", secure=True)
    assert answer.headers.get("Strict-Transport-Security") == header


@pytest.mark.parametrize(
    ("name", "value"),
    [("HSTS_SECONDS", "-1"), ("HSTS_SECONDS", "a year"), ("HSTS_SECONDS", "9" * 12), ("EMAIL_PORT", "smtp")],
)
def test_a_number_that_is_none_breaks_no_start_and_is_told(monkeypatch, settings, name, value):
    settings_of(monkeypatch, settings, PUBLIC_ADDRESS=CITY, **{name: value})
    assert f"{name}={value} is no whole number" in starting.refusal_of_settings()


def test_a_level_of_the_log_that_is_none_breaks_no_start_and_is_told(monkeypatch, settings):
    settings_of(monkeypatch, settings, LOG_LEVEL="LOUD")
    assert "LOG_LEVEL=LOUD" in starting.refusal_of_settings()


def test_a_check_of_settings_that_cannot_be_read_is_told_and_does_not_break(city):
    city.METRICS_FROM = ["prometheus"]
    assert "METRICS_FROM" in starting.refusal_of_settings()
    with pytest.raises(CommandError, match="METRICS_FROM"):
        call_command("prepare")
