"""What a start does before it serves: one at a time on whatever machine, and again where the database went away."""

from __future__ import annotations

import threading

import psycopg
import pytest
from django.conf import settings as product
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection

from foundation import advisory_locks
from foundation.city.models import City
from foundation.city.states import CityStatus
from marketplace.office import first
from marketplace.server import preparing, starting
from organizations.people.models import User
from tests import databases

pytestmark = pytest.mark.empty


@pytest.fixture
def quick(monkeypatch):
    """Without pauses, and without what Django's own commands do."""
    monkeypatch.setattr(preparing, "PAUSE", 0.01)
    monkeypatch.setattr(preparing, "call_command", lambda *_words, **_options: None)
    monkeypatch.setattr(preparing.rebuilding, "rebuild_unknown", lambda: None)


def prepared(*, demonstration: bool = False) -> list[str]:
    """The lines that a start has said."""
    said: list[str] = []
    preparing.bring_up_to_date(said.append, demonstration=demonstration)
    return said


# --- a city that is served is no demonstration's ----------------------------------------------------


def test_a_city_begins_with_its_first_start_and_no_demonstration_is_loaded_into_it(quick):
    assert starting.refusal_of_data(demonstration=True) == ""
    prepared()
    prepared()
    city = City.objects.get()
    assert (city.demonstration, city.status) == (False, CityStatus.SETTING_UP)
    assert not User.objects.exists()
    with pytest.raises(CommandError, match="holds a city"):
        prepared(demonstration=True)
    with pytest.raises(CommandError, match="holds a city"):
        call_command("load_starter")


def test_the_first_administrator_comes_to_the_city_that_has_begun(quick):
    prepared()
    assert first.wanted()
    first.administrator(username="wang.qin", full_name="王琴", password="a-long-enough-word")
    assert not first.wanted()
    assert City.objects.count() == 1


def test_a_demonstration_begins_no_city(quick):
    prepared(demonstration=True)
    assert not City.objects.exists()


@pytest.mark.parametrize("words", [("serve",), ("prepare",), ("keep", "web"), ("keep", "clocks", "database")])
def test_what_is_said_to_be_a_demonstration_is_not_served_as_a_city(settings, words):
    """It would be one in clear, with everything that a demonstration may do."""
    settings.DEMO, settings.PUBLIC = True, True
    with pytest.raises(CommandError, match="DEMO=1 says that everything is invented"):
        call_command(*words)


# --- two machines, one database ---------------------------------------------------------------------


def test_starts_on_two_machines_make_one_database_ready_one_after_the_other(own_database, quick, monkeypatch):
    number = advisory_locks._number(("marketplace.server.preparing",))
    made = threading.Event()
    make_ready = preparing._make_ready
    monkeypatch.setattr(preparing, "_make_ready", lambda **kinds: (made.set(), make_ready(**kinds)))
    with psycopg.connect(databases.url(own_database), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [number])
        said: list[str] = []

        def hear(line: str) -> None:
            said.append(line)
            assert not made.is_set()
            other.execute("SELECT pg_advisory_unlock(%s)", [number])

        preparing.bring_up_to_date(hear, demonstration=False)
        assert said == ["Another start makes the database ready, and is waited for."]
        assert made.is_set()
        (free,) = other.execute("SELECT pg_try_advisory_lock(%s)", [number]).fetchone()
        assert free, "the start has kept the lock"


def test_a_start_that_is_refused_leaves_the_turn_to_others(quick):
    City.objects.create(demonstration=True)
    with pytest.raises(CommandError, match="holds the demonstration"):
        prepared()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)


# --- a database that goes away ----------------------------------------------------------------------


def test_a_database_that_restarts_meanwhile_is_waited_for_and_made_ready_from_the_beginning(
    own_database, quick, monkeypatch
):
    make_ready, tries = preparing._make_ready, []

    def interrupted(*, demonstration: bool) -> None:
        tries.append(demonstration)
        if len(tries) < 3:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        make_ready(demonstration=demonstration)

    monkeypatch.setattr(preparing, "_make_ready", interrupted)
    said = prepared()
    assert len(tries) == 3
    assert sum("made ready again" in line for line in said) == 2
    assert City.objects.count() == 1


@pytest.mark.parametrize("fault", [OperationalError("the disk is full"), InterfaceError("closed")])
def test_one_that_never_stays_is_given_up_with_its_reason(own_database, quick, monkeypatch, fault):
    tries = []

    def fails(**_kinds: bool) -> None:
        tries.append(1)
        raise fault

    monkeypatch.setattr(preparing, "_make_ready", fails)
    with pytest.raises(CommandError, match=f"could not be made ready: {fault}"):
        prepared()
    assert len(tries) == preparing.TRIES


def test_what_is_refused_is_not_tried_again(quick, monkeypatch):
    tries = []

    def refuses() -> str:
        tries.append(1)
        return "made by another version"

    monkeypatch.setattr(starting, "refusal_of_database", refuses)
    with pytest.raises(CommandError, match="another version"):
        prepared()
    assert len(tries) == 1


def test_the_address_of_the_web_process_is_found_in_one_place(settings):
    settings.HOST, settings.PORT = "localhost", "8123"
    assert starting.listens_on() == ("127.0.0.1", 8123)
    settings.HOST = "no-such-host.invalid"
    with pytest.raises(CommandError, match="no address of this machine"):
        starting.listens_on()
    commands = product.BASE_DIR / "marketplace/management/commands"
    assert [path.name for path in commands.glob("*.py") if "serving.numeric" in path.read_text()] == []
