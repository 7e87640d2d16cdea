"""Secrets of a local start: created once under ``var/``, never in the repository."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from pathlib import Path

from marketplace.server.kept_files import keep

NAMES = ("SECRET_KEY", "LIANDONG_DATA_KEYS", "LIANDONG_HASH_KEY")


def load(path: Path) -> None:
    """Set the variables that the environment lacks from ``path``; creates the file if it is missing."""
    if all(name in os.environ for name in NAMES):
        return
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        # Named when complete, so that a killed start leaves no half of it, and of two starts at once
        # both take the secrets of the first.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(
            f"SECRET_KEY={secrets.token_urlsafe(48)}\n"
            f"LIANDONG_DATA_KEYS=1:{key}\n"
            f"LIANDONG_HASH_KEY={secrets.token_urlsafe(48)}\n"
        )
        keep(draft)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        keep(path.parent)
    for line in path.read_text().splitlines():
        name, _, value = line.partition("=")
        if name in NAMES:
            os.environ.setdefault(name, value)
