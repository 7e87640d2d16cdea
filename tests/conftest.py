"""What every test stands on: a real database that holds places, people and one edition.

A file whose tests are about the demonstration itself, or that walk everything there is,
says ``pytestmark = pytest.mark.story`` and gets the starter's whole year instead.

Ordinary tests (``db``) run in a transaction that is rolled back. A test that needs
commits — a browser, several connections, the worker — asks for ``own_database``
and gets a copy of its own, dropped afterwards: the journal cannot be truncated.
"""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from rest_framework.test import APIClient

from demo.accounts import PASSWORD as DEMO_PASSWORD
from demo.management.commands.screenshots import CHROMIUM
from demo.starter import places_and_people
from foundation import moments
from foundation.messaging.senders import sender
from foundation.roles import Actor
from foundation.work_items import rebuilding
from marketplace.server import embedded
from organizations.people.models import User
from organizations.providers.models import Provider
from procurement.bids import sealing
from tests import databases
from tests.following import Writing, stale_items
from tools import kept_databases

# The browser's driver runs an event loop in the tests' thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# A passphrase is tried quickly, as passwords are by the hasher of the tests' settings.
sealing.MEMORY_KIB, sealing.PASSES = 8, 1
# The same examples in every run, so that a red one is about the change; others are tried by
# ``make test ARGS=--hypothesis-profile=default``.
hypothesis.settings.register_profile("steady", derandomize=True)
hypothesis.settings.load_profile("steady")
# The library of the embedded server warns where there is none, as soon as it is imported.
embedded.runtime_directory()


#: Where the product is started, killed or driven through a browser, and where every door is walked.
SLOW = (
    "tests/access/",
    "tests/faults/",
    "tests/journeys/",
    "tests/foundation/test_together.py",
    "tests/procurement/test_untold_bidders.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test may use the database; it runs in a transaction unless it owns a copy.

    What takes long comes first, so that no worker is left with it in the end.
    """
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
        if not {"own_database", "rooms_database"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db)
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("slow", "story")])


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end, so the collector need not look through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def standing(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[Callable[[str], None]]:
    """Puts the session on its copy of the data of a kind, made when first asked for."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    made: set[str] = set()

    def on(kind: str) -> None:
        name = f"tests_{worker}_{kind}"
        with django_db_blocker.unblock():
            if kind not in made:
                kept_databases.copy(name, databases.kept(kind))
                made.add(kind)
                if kind == "base":
                    _follow_the_translations()
            elif connection.settings_dict["NAME"] != name:
                kept_databases.use(name)

    yield on
    with django_db_blocker.unblock():
        for kind in made:
            kept_databases.drop(f"tests_{worker}_{kind}")


def _follow_the_translations() -> None:
    """Write the work items in the words of now, since what is kept may be older than the translations. Nothing
    else may differ.
    """
    assert [str(found) for found in rebuilding.rebuild() if not found.in_texts_alone] == []


@pytest.fixture(scope="session")
def django_db_setup(standing: Callable[[str], None]) -> None:
    """Databases are made by what files ask for."""


@pytest.fixture(scope="module", autouse=True)
def data_of_the_file(request: pytest.FixtureRequest, standing: Callable[[str], None]) -> None:
    """A file stands on places, people and one edition; one marked ``story`` on the whole story, ``empty`` on nothing."""
    named = next((kind for kind in ("story", "empty") if request.node.get_closest_marker(kind)), "base")
    standing("schema" if named == "empty" else named)


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """What was cached of one test's database and settings is not shown in another's."""
    cache.clear()
    sender.cache_clear()


#: Folders whose tests do not act on this session's database, or ask for themselves.
UNFOLLOWED = (
    "tests/access/",  # walks every door and rolls back what it tries
    "tests/benchmarks/",  # fills a city without actions
    "tests/faults/",  # kills the product on databases of its own
    "tests/house/",  # reads the house
    "tests/journeys/",  # asks that nothing at all differs
)


@pytest.fixture(autouse=True)
def work_items_follow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After a test that wrote anything, a rebuild finds nothing that was not told to the work items.

    Where the test has done the work of another morning, that of today is done first. One that is marked
    ``tampers`` changes rows past the product.
    """
    tampers = request.node.get_closest_marker("tampers") is not None
    if tampers or request.node.nodeid.startswith(UNFOLLOWED) or "rooms_database" in request.fixturenames:
        yield
        return
    owned = "own_database" in request.fixturenames
    request.getfixturevalue("own_database" if owned else "db")
    writing, mornings, of_a_morning = Writing(), set(), rebuilding.follow_the_day
    monkeypatch.setattr(rebuilding, "follow_the_day", lambda: mornings.add(moments.today()) or of_a_morning())
    with connection.execute_wrapper(writing):
        yield
    if (owned or writing.happened) and not connection.needs_rollback:
        if mornings - {moments.today()}:
            of_a_morning()
        assert stale_items() == []


@pytest.fixture
def own_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """A committed copy of the database for this test alone."""
    yield from _copy_of(connection.settings_dict["NAME"], django_db_blocker)


@pytest.fixture(scope="module")
def rooms_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A committed copy of the database for all tests of one file, which leave it as it was."""
    yield from _copy_of(connection.settings_dict["NAME"], django_db_blocker)


def _copy_of(usual: str, django_db_blocker: Any) -> Iterator[str]:
    name = f"{usual}_copy"
    with django_db_blocker.unblock():
        connections.close_all()
        # Once the browser's event loop runs, this thread has a second set of connections,
        # and the first is out of our reach.
        kept_databases.in_maintenance(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{usual}'"
        )
        kept_databases.copy(name, usual)
        try:
            yield name
        finally:
            kept_databases.drop(name)
            kept_databases.use(usual)


@pytest.fixture
def work_off() -> Callable[[], None]:
    """Let the real worker do every waiting job, then come back."""
    from procrastinate.contrib.django import app

    def run() -> None:
        async def work() -> None:
            # The thread behind async code outlives a test, and its connection the database.
            await sync_to_async(connections.close_all)()
            worker_app = app.with_connector(app.connector.get_worker_connector())
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    wait=False, install_signal_handlers=False, listen_notify=False
                )
            await sync_to_async(connections.close_all)()

        faults: list[BaseException] = []

        def in_a_thread() -> None:  # the browser's loop may hold this one
            try:
                asyncio.run(work())
            except BaseException as fault:
                faults.append(fault)
            finally:
                connections.close_all()

        thread = threading.Thread(target=in_a_thread)
        thread.start()
        thread.join(60)
        assert not faults, faults

    return run


# --- people ---------------------------------------------------------------------------


@pytest.fixture
def who(db: None) -> Callable[[str], Actor]:
    """The demo person of a user name, as an actor."""
    return places_and_people.actor


@pytest.fixture
def provider_of(who: Callable[[str], Actor]) -> Callable[[str], Provider]:
    """The provider that a demo person works for."""

    def of(username: str) -> Provider:
        return Provider.objects.get(organization_id=who(username).organization_id)

    return of


@pytest.fixture
def client_of() -> Callable[[str], Client]:
    """A browser's session of a demo person, without the browser."""

    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return sign_in


@pytest.fixture
def api_of() -> Callable[[str], APIClient]:
    """A token's session of a demo person."""

    def sign_in(username: str) -> APIClient:
        client = APIClient()
        answer = client.post(
            "/api/v1/sign-in", {"username": username, "password": DEMO_PASSWORD}, format="json"
        )
        assert answer.status_code == 200, answer.content
        client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
        return client

    return sign_in


# --- the browser ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's own Chromium; the driver's download does not work everywhere."""
    return dict(CHROMIUM)


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}}
