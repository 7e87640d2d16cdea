"""The file of a backup: a tar with the dump of the database, and a manifest that says what it is."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

#: The members of the tar, in this order; the third is the sum of the first.
MANIFEST, DUMP, SUM = "manifest.json", "database.dump", "manifest.sha256"


#: The form of the manifest that this version writes, and reads.
FORM = 1


#: Bytes that are read at once.
PIECE = 1024 * 1024


class Damaged(Exception):
    """The file is no backup, or not whole."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: by which version it was made and when, its migrations, the rows of each table.

    ``sha256`` and ``size`` are of the dump. ``secrets`` names the variables that belong to it, with the
    numbers of the keys; ``sealed`` is a known text under each key, and ``hashed`` its keyed hash, so that
    wrong secrets are found before anything is restored.
    """

    version: str
    made_at: str
    server: str
    migrations: list[list[str]]
    rows: dict[str, int]
    sha256: str
    size: int
    secrets: dict[str, list[int]]
    sealed: dict[str, str]
    hashed: str
    form: int = field(default=FORM)

    @property
    def total(self) -> int:
        """The rows of all tables."""
        return sum(self.rows.values())


def sum_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path: Path, manifest: Manifest, dump: Path) -> None:
    """Write the file, readable by its owner alone."""
    path.touch(mode=0o600)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    with tarfile.open(path, "w") as tar:
        _add(tar, MANIFEST, text)
        tar.add(dump, DUMP, filter=_nobodys)
        _add(tar, SUM, hashlib.sha256(text).hexdigest().encode())


def read(path: Path, dump: Path) -> Manifest:
    """The manifest of a file whose dump is copied to ``dump``; raises ``Damaged`` if a byte of it is wrong or missing.

    What is missing at its very end is seen by its size, since it is written in whole records.
    """
    if path.stat().st_size % tarfile.RECORDSIZE:
        raise Damaged("it is no backup, or cut off (no whole record at its end)")
    try:
        with tarfile.open(path, "r:") as tar:
            text = _content(tar, MANIFEST).read()
            if hashlib.sha256(text).hexdigest() != _content(tar, SUM).read().decode():
                raise Damaged("the manifest was changed")
            told = json.loads(text)
            if told.get("form") != FORM:
                raise Damaged(f"its manifest has the form {told.get('form')}, and this version reads {FORM}")
            manifest = Manifest(**told)
            with dump.open("wb") as copy:
                shutil.copyfileobj(_content(tar, DUMP), copy, PIECE)
    except (tarfile.TarError, ValueError, TypeError, AttributeError, EOFError) as fault:
        raise Damaged(f"it is no backup, or cut off ({type(fault).__name__})") from fault
    if (dump.stat().st_size, sum_of(dump)) != (manifest.size, manifest.sha256):
        raise Damaged("the dump was changed, or cut off")
    return manifest


def _add(tar: tarfile.TarFile, name: str, text: bytes) -> None:
    """Add a member with that content."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(text), 0o600
    tar.addfile(info, io.BytesIO(text))


def _nobodys(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """A member that does not tell whose file it was."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _content(tar: tarfile.TarFile, name: str) -> Any:
    """The content of a member; raises ``Damaged`` if there is none."""
    try:
        found = tar.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise Damaged(f"it has no {name}")
    return found
