"""Two hundred people at once, each with a session of its own; run by ``benchmarks.load``.

``BENCH_PEOPLE`` names the file of the people: each has cookies, addresses that it opens one after another, and
forms that it sends once, other ones in each ``BENCH_TURN``. With ``BENCH_PAUSE=1`` it reads each page for some seconds first.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

from locust import FastHttpUser, task

PEOPLE: list[dict[str, Any]] = json.loads(Path(os.environ["BENCH_PEOPLE"]).read_text())
TURN = int(os.environ["BENCH_TURN"])
ONE_QUERY = "/bench/one-query/"

#: How many pages a person opens before it sends a form.
PAGES = 6


def pause(_person: FastHttpUser) -> float:
    """How long a person reads a page, in seconds."""
    return random.uniform(4, 12) if os.environ.get("BENCH_PAUSE") else 0


class Person(FastHttpUser):
    """Somebody at work: opens pages in turn, and now and then sends a form."""

    wait_time = pause

    def on_start(self) -> None:
        """Become the next of the people."""
        given = PEOPLE.pop() if PEOPLE else {"cookies": {}, "pages": [("/", "/")], "forms": [[]] * (TURN + 1)}
        self.pages, self.forms, self.number = given["pages"], given["forms"][TURN], random.randrange(20)
        for name, value in given["cookies"].items():
            self.client.cookiejar.set_cookie(_cookie(name, value))
        self.token = given["cookies"].get("csrftoken", "")

    @task
    def work(self) -> None:
        """Open the next page, or send a form."""
        self.number += 1
        if self.forms and self.number % PAGES == 0:
            name, address, fields = self.forms.pop()
            self._send(name, address, fields)
            return
        name, address = self.pages[self.number % len(self.pages)]
        self.client.get(address, name=name)

    def _send(self, name: str, address: str, fields: dict[str, str]) -> None:
        headers = {"X-CSRFToken": self.token, "Referer": self.host or ""}
        with self.client.post(
            address, data=fields, name=name, headers=headers, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code == 302:
                answer.success()
            else:
                answer.failure(f"{answer.status_code}")


class OneQuery(FastHttpUser):
    """Opens the page that asks the database one question."""

    @task
    def look(self) -> None:
        """Open it."""
        self.client.get(ONE_QUERY)


def _cookie(name: str, value: str) -> Any:
    from http.cookiejar import Cookie

    return Cookie(
        0, name, value, None, False, "127.0.0.1", False, False, "/", True, False, None, True, None, None, {}
    )
