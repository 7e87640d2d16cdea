"""What a start may be: a demonstration on this machine, nothing made up where others can come."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from foundation.journal.models import Entry
from marketplace import starting
from organizations.models import User

UNSENT = "foundation.messaging.senders.Unsent"


def run(database: str, **further: str) -> str:
    """What ``manage.py run`` says that refuses to start."""
    env = {
        name: value for name, value in os.environ.items() if name not in ("HOST", "PUBLIC_ADDRESS")
    }
    env |= {
        "DJANGO_SETTINGS_MODULE": "marketplace.settings", "PORT": "29871",
        "DATABASE_URL": f"postgresql://postgres:@/{database}?host={settings.DATABASES['default']['HOST']}",
        **further,
    }  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "manage.py", "run"], cwd=settings.BASE_DIR, env=env, capture_output=True,
        text=True, timeout=120,
    )  # fmt: skip
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stderr
    return answer.stderr


PUBLIC = [
    {"PUBLIC_ADDRESS": "https://jiuzhu.example.cn"},
    {"HOST": "0.0.0.0"},  # noqa: S104  what is tried
    {"HOST": "0.0.0.0", "PUBLIC_ADDRESS": "http://127.0.0.1:8000"},  # noqa: S104  what is tried
    {"HOST": "127.0.0.1", "PUBLIC_ADDRESS": "http://192.0.2.7"},
]


@pytest.mark.parametrize("where", PUBLIC, ids=str)
def test_codes_on_the_page_and_the_demonstration_are_not_served_to_others(rooms_database, where):
    assert "shows every sign-in code" in run(rooms_database, **where, DEMO="1")
    said = run(rooms_database, **where, MESSAGE_SENDER=UNSENT)
    assert "passwords are published" in said
    assert "DEMO=1 make run" in said


@pytest.mark.parametrize(
    ("embedded", "public", "demo", "wanted"),
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
    settings, embedded, public, demo, wanted
):
    settings.EMBEDDED, settings.PUBLIC, settings.DEMO = embedded, public, demo
    assert starting.demo_wanted() is wanted


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


def test_the_first_account_of_a_city_signs_in_as_civil_affairs(monkeypatch):
    out = typed(monkeypatch, "a-long-enough-word")
    call_command(
        "create_administrator", username="wang.qin", full_name="王琴", body="mzj",
        body_name="示例市民政局", password_stdin=True, stdout=out,
    )  # fmt: skip
    assert "wang.qin" in out.getvalue()
    client = Client()
    good = {"username": "wang.qin", "password": "a-long-enough-word"}
    assert client.post("/sign-in/", good)["Location"] == "/workbench/"
    assert client.get("/journal/").status_code == 200
    entry = Entry.objects.get(move="create_administrator")
    assert "示例市民政局" in entry.object_name
    assert "a-long-enough-word" not in str(entry.after)


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
            "create_administrator", username=username, full_name="王琴", password_stdin=True,
            stdout=typed(monkeypatch, password),
        )  # fmt: skip
    assert User.objects.count() == before
