"""The accounts of the demonstration."""

from __future__ import annotations

from demo.accounts import accounts

#: The user name of the first person of each role.
USERS = {row["role"]: row["username"] for row in reversed(accounts())}
