"""What the API answers when something is wrong (RFC 9457)."""

from __future__ import annotations

from typing import Any


def problem(answer: Any, code: int, kind: str) -> dict[str, Any]:
    """The body of an answer that is a problem of this kind."""
    assert answer.status_code == code, answer.content.decode()
    assert answer["Content-Type"].startswith("application/problem+json")
    body = answer.json()
    assert body["type"] == f"/problems/{kind}"
    assert body["status"] == code
    assert body["title"]
    return body
