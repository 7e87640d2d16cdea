"""What the database is asked while something is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

P = ParamSpec("P")


def sent_by(act: Callable[P, object], *args: P.args, **given: P.kwargs) -> list[str]:
    """The statements that a call sends."""
    with CaptureQueriesContext(connection) as captured:
        act(*args, **given)
    return [query["sql"] for query in captured.captured_queries]


def opened(client: Client, address: str, **query: Any) -> tuple[str, list[str]]:
    """A page that opens, and the statements that it sends."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode(), [query["sql"] for query in captured.captured_queries]
