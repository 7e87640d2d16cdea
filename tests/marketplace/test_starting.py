"""What a start may be: a demonstration on this machine, nothing made up where others can come."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from catalog.editions import publishing
from catalog.editions.models import consulted_until
from foundation import moments, tasks
from foundation.city.models import City
from foundation.journal.models import Entry
from foundation.messaging.senders import sender
from foundation.roles import Role
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from marketplace.server import starting
from organizations.bodies.models import Organization
from organizations.people import giving
from organizations.people.models import User
from tests import databases, factories

UNSENT = "foundation.messaging.senders.Unsent"


def run(database: str, command: str = "run", **further: str) -> str:
    """What ``manage.py run`` (or ``serve``) says that refuses to start."""
    env = {name: value for name, value in os.environ.items() if name not in ("HOST", "PUBLIC_ADDRESS")}
    env |= {
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "PORT": "29871",
        "DATABASE_URL": databases.url(database),
        **further,
    }
    answer = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stderr
    return answer.stderr


PUBLIC = [
    {"PUBLIC_ADDRESS": "https://jiuzhu.example.cn", "TRUSTED_PROXIES": "127.0.0.1"},
    {"HOST": "0.0.0.0", "PUBLIC_ADDRESS": "http://jiuzhu.example.cn"},  # noqa: S104  what is tried
    {"HOST": "0.0.0.0", "PUBLIC_ADDRESS": "http://127.0.0.1:8000"},  # noqa: S104  what is tried
    {"HOST": "127.0.0.1", "PUBLIC_ADDRESS": "http://192.0.2.7"},
]


@pytest.mark.slow
@pytest.mark.parametrize("where", PUBLIC, ids=str)
def test_codes_on_the_page_and_the_demonstration_are_not_served_to_others(rooms_database, where):
    assert "shows every sign-in code" in run(rooms_database, **where, DEMO="1")
    said = run(rooms_database, **where, MESSAGE_SENDER=UNSENT, PLAIN_HTTP="1")
    assert "passwords are published" in said
    assert "DEMO=1 make run" in said
    further = {"MESSAGE_SENDER": UNSENT, "PLAIN_HTTP": "1", "TRUSTED_PROXIES": "127.0.0.1"}
    said = run(rooms_database, "serve", **{**where, **further})
    assert "holds the demonstration" in said
    assert "make clean && make serve" in said


@pytest.mark.slow
def test_a_database_of_another_version_is_left_alone_in_plain_words(own_database):
    assert starting.refusal_of_database() == ""
    MigrationRecorder(connection).record_applied("catalog", "0009_of_another_version")
    said = run(own_database, DEMO="1")
    assert "such as catalog.0009_of_another_version" in said
    assert f"rm -r {settings.VAR}/postgres" in said


@pytest.mark.parametrize(
    ("embedded", "public", "demo", "may"),
    [
        (True, False, False, True),
        (False, False, False, False),
        (True, True, False, False),
        (False, True, False, False),
        (False, False, True, True),
        (False, True, True, True),
    ],
)
def test_the_demonstration_comes_unasked_only_on_this_machine_with_its_own_server(
    settings, embedded, public, demo, may
):
    settings.EMBEDDED, settings.PUBLIC, settings.DEMO = embedded, public, demo
    refusal = starting.refusal_of_a_demonstration()
    assert (refusal == "") is may
    assert may or "make serve" in refusal


def test_a_demonstration_and_a_city_are_not_served_from_one_database():
    assert starting.refusal_of_data(demonstration=True) == ""
    assert "holds the demonstration" in starting.refusal_of_data(demonstration=False)
    City.objects.update(demonstration=False)
    assert "make serve" in starting.refusal_of_data(demonstration=True)
    assert starting.refusal_of_data(demonstration=False) == ""
    assert "holds a city" in starting.refusal_of_invented_data()


def test_the_check_of_the_start_names_a_sender_that_shows_codes_to_others(settings):
    settings.PUBLIC = True
    with pytest.raises(Exception, match=r"messages\.E001"):
        call_command("check")


def test_no_page_shows_a_code_where_others_can_come(settings):
    from foundation.messaging import codes

    assert codes.send("13912345678", "apply") != ""
    settings.PUBLIC = True
    assert codes.send("13912345679", "apply") == ""


def typed(monkeypatch, password: str) -> StringIO:
    monkeypatch.setattr(sys, "stdin", StringIO(f"{password}\n"))
    return StringIO()


def test_the_first_account_of_a_city_signs_in_and_sets_it_up(monkeypatch):
    out = typed(monkeypatch, "a-long-enough-word")
    call_command(
        "create_administrator", username="wang.qin", full_name="王琴", password_stdin=True, stdout=out
    )
    assert "/setup/" in out.getvalue()
    client = Client()
    good = {"username": "wang.qin", "password": "a-long-enough-word"}
    assert client.post("/sign-in/", good)["Location"] == "/workbench/"
    assert client.get("/setup/").status_code == 200
    entry = Entry.objects.get(move="create_administrator")
    assert entry.after == {"username": "wang.qin", "role": "administrator"}


def test_with_a_further_officer_nobody_is_the_last_for_a_second_pair_of_eyes(who):
    edition = publishing.open_consultation(factories.DraftEdition(), by=who("minzheng"))
    waiting = WorkItem.objects.filter(lifecycle=edition._meta.label, object_id=edition.pk, step="submit")
    with moments.as_of(consulted_until([edition])[edition.pk] + timedelta(minutes=1)):
        rebuilding.follow_the_day()
        assert waiting.get().kept_from == [who("minzheng2").user_id]
        person = User.objects.create(username="wang.qin", full_name="王琴")
        body = Organization.objects.get(code="minzheng")
        giving.give(by=who("guanli"), person=person, role=Role.CIVIL_AFFAIRS, organization=body)
        tasks.follow_seats()
        assert waiting.get().kept_from == []
        publishing.submit(edition, by=who("minzheng"))


@pytest.mark.parametrize(
    ("username", "password", "why"),
    [
        ("minzheng", "a-long-enough-word", "already"),
        ("new", "short", "10"),
        ("new", "1234567890123", "."),
        ("", "a-long-enough-word", "needed"),
        ("a b", "a-long-enough-word", "."),
    ],
)
def test_a_first_account_that_is_not_right_is_not_made(monkeypatch, username, password, why):
    before = User.objects.count()
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    with pytest.raises(CommandError, match=why):
        call_command(
            "create_administrator",
            username=username,
            full_name="王琴",
            password_stdin=True,
            stdout=typed(monkeypatch, password),
        )
    assert User.objects.count() == before


NAMED = ("HOST", "PORT", "PUBLIC_ADDRESS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXIES", "DEMO")


def settings_of(monkeypatch, **said: str) -> dict[str, object]:
    """The settings as an operator's variables make them."""
    for name in NAMED:
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(settings.BASE_DIR / "marketplace" / "settings.py"))


@pytest.mark.parametrize(
    ("said", "public"),
    [
        ({}, False),
        ({"HOST": "::1"}, False),
        ({"HOST": "localhost.", "PUBLIC_ADDRESS": "http://LOCALHOST:8000/"}, False),
        ({"PUBLIC_ADDRESS": "http://[::1]:8000"}, False),
        ({"ALLOWED_HOSTS": "localhost, 127.0.0.1,[::1],localhost:8000"}, False),
        ({"HOST": "::"}, True),
        ({"HOST": "0.0.0.0"}, True),  # noqa: S104  what is tried
        ({"HOST": "0"}, True),
        ({"PUBLIC_ADDRESS": "HTTPS://Jiuzhu.Example.CN."}, True),
        ({"PUBLIC_ADDRESS": "jiuzhu.example.cn"}, True),
        ({"PUBLIC_ADDRESS": "http://[::1"}, True),
        ({"PUBLIC_ADDRESS": "https://127.0.0.1.example.cn"}, True),
        ({"ALLOWED_HOSTS": "jiuzhu.example.cn"}, True),
        ({"ALLOWED_HOSTS": "localhost,*"}, True),
        ({"CSRF_TRUSTED_ORIGINS": "https://jiuzhu.example.cn"}, True),
        ({"TRUSTED_PROXIES": "127.0.0.1"}, True),
    ],
    ids=str,
)
def test_others_can_come_where_any_of_what_the_operator_says_means_it(monkeypatch, said, public):
    made = settings_of(monkeypatch, **said)
    assert made["PUBLIC"] is public
    if public:
        assert list(said)[-1] in str(made["PUBLIC_BY"])


@pytest.mark.parametrize(
    "address", ["https://jiuzhu.example.cn", "HTTPS://Jiuzhu.Example.CN", " https://jiuzhu.example.cn./ "]
)
def test_an_address_however_written_has_secure_cookies_and_is_an_allowed_host(monkeypatch, address):
    made = settings_of(monkeypatch, PUBLIC_ADDRESS=address, TRUSTED_PROXIES="127.0.0.1")
    assert made["SESSION_COOKIE_SECURE"] is made["CSRF_COOKIE_SECURE"] is True
    assert made["SECURE_HSTS_SECONDS"]
    assert "jiuzhu.example.cn" in made["ALLOWED_HOSTS"]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PUBLIC_ADDRESS", "jiuzhu.example.cn", "no address of a site"),
        ("PUBLIC_ADDRESS", "https://", "no address of a site"),
        ("PUBLIC_ADDRESS", "http://[::1", "no address of a site"),
        ("PUBLIC_ADDRESS", "http://localhost:80a", "no address of a site"),
        ("PUBLIC_ADDRESS", "https://jiuzhu.example.cn/market", "no address of a site"),
        ("PUBLIC_ADDRESS", "https://a:b@jiuzhu.example.cn", "no address of a site"),
        ("TRUSTED_PROXIES", ["nginx"], "TRUSTED_PROXIES"),
        ("TRUSTED_PROXIES", ["0.0.0.0/0"], "whole world"),
        ("TRUSTED_PROXIES", ["127.0.0.1", "::/0"], "whole world"),
        ("MESSAGE_SENDER", "city.gateway.Texts", "MESSAGE_SENDER"),
        ("MESSAGE_SENDER", "os.path", "MESSAGE_SENDER"),
        ("MESSAGE_SENDER", "collections.Counter", "MESSAGE_SENDER"),
    ],
)
def test_settings_that_cannot_be_meant_are_told_at_the_start(settings, name, value, why):
    sender.cache_clear()
    setattr(settings, name, value)
    try:
        assert why in starting.refusal_of_settings()
    finally:
        sender.cache_clear()


@pytest.mark.parametrize("value", ["abc", "0", "-1", "1.5", "nan", "\u0665", "", "99999", "9" * 5000])
@pytest.mark.parametrize("name", ["PORT", "WEB_THREADS", "LARGEST_UPLOAD", "REQUEST_SECONDS"])
def test_a_number_that_is_none_is_told_at_the_start(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert name in starting.refusal_of_settings()


@pytest.mark.parametrize("command", ["load_starter", "seed_scale"])
def test_nothing_invented_is_written_into_the_database_of_a_city(settings, command):
    settings.PUBLIC = True
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command(command)


def test_the_name_of_the_first_account_is_kept_as_the_sign_in_reads_it(monkeypatch):
    call_command(
        "create_administrator",
        username="\uff37ang.qin ",
        full_name="王琴",
        password_stdin=True,
        stdout=typed(monkeypatch, "a-long-enough-word"),
    )
    good = {"username": "\uff37ang.qin", "password": "a-long-enough-word"}
    assert Client().post("/sign-in/", good).status_code == 302


GOOD = "jV0yq3fZt8sWm2LxB7nRk5cHd9pGa4Ue"
#: A key of 32 bytes.
KEY = f"{GOOD.swapcase()}aB3dE5fG7h9="


@pytest.mark.parametrize("name", ["SECRET_KEY", "LIANDONG_HASH_KEY", "LIANDONG_DATA_KEYS"])
@pytest.mark.parametrize("weak", ["changeme", "0" * 64, "secret" * 10, GOOD[:20]])
def test_secrets_that_anybody_could_guess_are_not_served_to_others(settings, name, weak):
    settings.SECRET_KEY, settings.LIANDONG_HASH_KEY = GOOD, GOOD[::-1]
    settings.LIANDONG_DATA_KEYS = f"1:{KEY}"
    settings.PUBLIC, settings.MESSAGE_SENDER, settings.PLAIN_HTTP = True, UNSENT, True
    sender.cache_clear()
    assert starting.refusal_of_settings() == ""
    setattr(settings, name, f"2:{KEY},1:{weak}" if name == "LIANDONG_DATA_KEYS" else weak)
    assert f"{name} can be guessed" in starting.refusal_of_settings()
    settings.PUBLIC = False
    assert "can be guessed" not in starting.refusal_of_settings()


def test_faults_are_not_shown_to_others(settings):
    settings.PUBLIC, settings.DEBUG, settings.MESSAGE_SENDER = True, True, UNSENT
    assert "DEBUG=1" in starting.refusal_of_settings()
