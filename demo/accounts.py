"""The accounts of the demonstration, whose password is published."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

#: The password of all demo accounts; never set for an existing account.
PASSWORD = "liandong-2026"  # noqa: S105  published, for the demonstration only


@cache
def accounts() -> tuple[dict[str, str], ...]:
    """The rows of ``accounts.yaml``: ``username``, ``full_name``, ``role`` and where it is held."""
    return tuple(yaml.safe_load((Path(__file__).parent / "accounts.yaml").read_text()))
