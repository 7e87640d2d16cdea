"""A served site on a database of its own, and people who sign in to it with a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread

from demo.accounts import PASSWORD as DEMO_PASSWORD
from foundation.work_items import rebuilding


@pytest.fixture
def site(own_database: str) -> Iterator[str]:
    """The address of a served copy of the product; it ends with the test."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()
        connections.close_all()


@pytest.fixture(autouse=True)
def work_items_are_as_their_objects_give_them(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every journey nothing differs when all work items are made anew."""
    database = next((name for name in ("own_database", "db") if name in request.fixturenames), None)
    if database is None:
        yield
        return
    request.getfixturevalue(database)
    yield
    assert list(rebuilding.rebuild()) == []


def signed_in(username: str) -> list[dict[str, str]]:
    """The cookies that a browser has after a sign-in. Typing into its form is left to tests about that."""
    client = Client()
    answer = client.post("/sign-in/", {"username": username, "password": DEMO_PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return [{"name": cookie.key, "value": cookie.value} for cookie in client.cookies.values()]


@pytest.fixture
def person(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """A page of somebody who is signed in, in a browser session of their own.

    Every fault of the page's scripts, and every request to another host, fails the test.
    """
    contexts: list[Any] = []
    faults: list[str] = []

    def sign_in(username: str = "", width: int = 1440, **given: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", base_url=site, **given
        )
        contexts.append(context)
        if username:
            context.add_cookies([{"url": site, **cookie} for cookie in signed_in(username)])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((site, "data:", "blob:"))
                else faults.append(f"asked another host: {asked.url}")
            ),
        )
        if username:
            page.goto("/workbench/")
        page.faults = faults
        return page

    yield sign_in
    for context in contexts:
        context.close()
    # 409: a save that comes after the form was sent is refused, as it should be.
    expected = ("422", "404", "409")
    assert [each for each in faults if not any(code in each for code in expected)] == []
