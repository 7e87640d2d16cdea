"""A database is served with its own secrets alone: what proves them lies in it, and others are refused before anything
is read or written with them.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from foundation.city.models import City
from foundation.personal_data import keys, proving
from foundation.personal_data.models import ProofOfSecrets
from marketplace.server import preparing, starting
from tests import factories
from tests.marketplace.test_starting import run


def fresh() -> str:
    """A key that nobody had before."""
    return base64.b64encode(os.urandom(32)).decode()


@pytest.fixture
def start(monkeypatch) -> Callable[[], list[str]]:
    """Starts a city, but for the commands of Django, whose names it gives."""
    City.objects.update(demonstration=False)
    done: list[str] = []
    monkeypatch.setattr(preparing, "call_command", lambda name, **_options: done.append(name))
    # As is done where the caller has no transaction around it.
    monkeypatch.setattr(preparing.rebuilding, "rebuild_unknown", lambda: None)

    def started() -> list[str]:
        done.clear()
        preparing.bring_up_to_date(lambda line: None, demonstration=False)
        return done

    return started


def refused(start: Callable[[], list[str]], words: str, settings) -> None:
    """It does not start, says why, where the secrets are looked for and what to do, and has written nothing."""
    before = list(ProofOfSecrets.objects.values())
    with pytest.raises(CommandError, match=words) as said:
        start()
    assert str(settings.VAR / "secrets.env") in str(said.value)
    assert "kept elsewhere" in str(said.value)
    assert list(ProofOfSecrets.objects.values()) == before


def test_the_first_start_writes_what_proves_its_secrets_and_the_next_ones_need_the_same(start, settings):
    assert not ProofOfSecrets.objects.exists()
    assert start() == start() == ["migrate", "collectstatic"]
    assert ProofOfSecrets.objects.count() == 1
    ours, number = settings.LIANDONG_DATA_KEYS, keys.current_id()
    for other in (f"{number}:{fresh()}", f"{number + 1}:{fresh()}"):
        settings.LIANDONG_DATA_KEYS = other
        refused(
            start,
            f"LIANDONG_DATA_KEYS does not open what the database has encrypted with key {number}",
            settings,
        )
    settings.LIANDONG_DATA_KEYS = ours
    settings.LIANDONG_HASH_KEY += "x"
    refused(start, "LIANDONG_HASH_KEY", settings)


def test_with_other_secrets_nothing_is_migrated(start, settings, monkeypatch):
    start()
    settings.LIANDONG_DATA_KEYS = f"1:{fresh()}"
    monkeypatch.setattr(preparing, "call_command", lambda name, **_options: pytest.fail(name))
    refused(start, "LIANDONG_DATA_KEYS", settings)


def test_a_key_with_which_a_start_has_encrypted_is_needed_until_it_is_rotated_away(start, settings):
    start()
    old, new = settings.LIANDONG_DATA_KEYS, f"9:{fresh()}"
    settings.LIANDONG_DATA_KEYS = f"{new},{old}"
    start()
    for lost, number in ((old, 9), (new, old.partition(":")[0])):
        settings.LIANDONG_DATA_KEYS = lost
        refused(start, f"with key {number}", settings)


@pytest.mark.tampers  # what it leaves is sealed with a key that goes with it
def test_after_a_rotation_the_new_key_is_enough(start, settings):
    person = factories.ReferralInService().need.matter.household.members.first().person
    start()
    old, new = settings.LIANDONG_DATA_KEYS, f"9:{fresh()}"
    settings.LIANDONG_DATA_KEYS = f"{new},{old}"
    start()
    call_command("rotate_keys", stdout=StringIO())
    settings.LIANDONG_DATA_KEYS = new
    start()
    person.refresh_from_db()
    assert person.name.plain()
    settings.LIANDONG_DATA_KEYS = old
    refused(start, "with key 9", settings)
    with pytest.raises(CommandError, match="with key 9"):
        call_command("rotate_keys", stdout=StringIO())


def test_a_database_that_proves_nothing_yet_is_taken_with_the_secrets_that_open_what_it_holds(
    start, settings
):
    factories.AcceptedMatter()
    ours = settings.LIANDONG_DATA_KEYS
    settings.LIANDONG_DATA_KEYS = f"{keys.current_id()}:{fresh()}"
    refused(start, r"does not open what the database has encrypted \(.*households_person\.name", settings)
    settings.LIANDONG_DATA_KEYS = ours
    start()
    assert proving.refusal() == ""


@pytest.mark.tampers  # what it leaves is sealed with a key that goes with it
def test_of_every_column_a_value_is_tried_for_each_key(settings):
    """A value that another key has encrypted, after many of ours."""
    ours = settings.LIANDONG_DATA_KEYS
    for _ in range(3):
        factories.AcceptedMatter()
    assert list(proving.unread()) == []
    settings.LIANDONG_DATA_KEYS = f"9:{fresh()},{ours}"
    factories.AcceptedMatter()
    assert list(proving.unread()) == []
    settings.LIANDONG_DATA_KEYS = ours
    assert "households_person.name" in map(str, proving.unread())


def test_a_database_without_the_table_is_migrated_first(start):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE foundation_proofofsecrets RENAME TO other")
        assert proving.refusal() == ""
        cursor.execute("ALTER TABLE other RENAME TO foundation_proofofsecrets")


@pytest.mark.slow
def test_a_start_whose_secrets_were_lost_is_refused_in_words(own_database):
    proving.prove()
    lost = {"LIANDONG_DATA_KEYS": f"1:{fresh()}", "LIANDONG_HASH_KEY": fresh(), "SECRET_KEY": fresh()}
    for command in ("serve", "prepare"):
        assert "LIANDONG_DATA_KEYS does not open what the database has encrypted" in run(
            own_database, command, **lost
        )


# --- a ring of keys that is none ------------------------------------------------------------------

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(32, 64))).decode()


@pytest.mark.parametrize(
    ("ring", "why"),
    [
        (f"1:{KEY},1:{OTHER}", "names key 1 twice"),
        (f"1:{KEY},01:{OTHER}", "names key 1 twice"),
        (f"0:{KEY}", "from 1 to 255"),
        (f"256:{KEY}", "from 1 to 255"),
        (f"-1:{KEY}", "from 1 to 255"),
        (f"one:{KEY}", "from 1 to 255"),
        (KEY, "from 1 to 255"),
        (f"1:{base64.b64encode(b'x' * 31).decode()}", "32 bytes, in base64, and key 1 has 31"),
        (f"2:{KEY},1:{base64.b64encode(b'x' * 33).decode()}", "and key 1 has 33"),
        ("1:", "and key 1 has 0"),
        (f"1:{KEY[:-2]}", "no base64"),
        (f"1:{KEY[:-3]}!!=", "no base64"),
        ("", "is not set"),
        (" , ", "is not set"),
    ],
)
def test_keys_that_are_none_are_refused_at_every_start_and_by_every_command(settings, ring, why):
    assert starting.refusal_of_settings() == ""
    settings.LIANDONG_DATA_KEYS = ring
    assert why in starting.refusal_of_settings()
    assert KEY not in starting.refusal_of_settings()
    with pytest.raises(SystemCheckError, match=r"personal_data\.E001"):
        call_command("check")


def test_a_ring_may_be_written_with_blanks_and_the_first_key_encrypts(settings):
    settings.LIANDONG_DATA_KEYS = f" 255:{KEY}, 1:{OTHER} ,"
    assert starting.refusal_of_settings() == ""
    assert keys.ids() == [255, 1]
    assert keys.encrypt(b"x", "a.b")[0] == 255
