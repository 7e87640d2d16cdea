"""The accounts whose password is published: the product must know them to keep them off the open network."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

#: Everybody's password in the demonstration; never set for an account that exists.
PASSWORD = "liandong-2026"  # noqa: S105  printed on purpose, for the demonstration only


@cache
def accounts() -> tuple[dict[str, str], ...]:
    """The rows of ``demo_accounts.yaml``: ``username``, ``full_name``, ``role`` and where it is held."""
    return tuple(yaml.safe_load((Path(__file__).parent / "demo_accounts.yaml").read_text()))
