"""Files that must outlive a crash of the machine, and folders of work that must not outlive their process."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: The file of a folder of work that its process has locked, as long as it lives.
_LOCK = ".in-use"
#: Seconds for which a folder may lie before its lock is taken, and after which nobody can be at work in it.
_BEGINNING, _LONGEST = 60, 24 * 3600


@contextmanager
def working_folder(prefix: str, parent: Path) -> Iterator[Path]:
    """A folder for this process, deleted afterwards; those that killed processes have left with this prefix, too."""
    _clear(prefix, parent)
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=parent) as name,
        (Path(name) / _LOCK).open("w") as lock,
    ):
        _locked(lock.fileno())
        yield Path(name)


def _clear(prefix: str, parent: Path) -> None:
    """Delete the folders in which nobody is at work any more."""
    for left in parent.glob(f"{prefix}*"):
        try:
            old = time.time() - left.lstat().st_mtime
            ours = left.is_dir() and not left.is_symlink() and left.lstat().st_uid == os.geteuid()
            if ours and (old > _LONGEST or (old > _BEGINNING and _abandoned(left))):
                shutil.rmtree(left)
        except OSError:
            continue  # somebody else deletes it now, or it is not ours to delete


def _abandoned(folder: Path) -> bool:
    """Whether the process that made the folder has gone."""
    try:
        with (folder / _LOCK).open("a") as lock:
            return _locked(lock.fileno())
    except FileNotFoundError:
        return True


def _locked(file: int) -> bool:
    """Whether the lock of a file could be taken; it ends with the process, or when the file is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def keep(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk before anything goes on."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def put_in_place(draft: Path, path: Path) -> None:
    """Give a file that is whole its name, so that after a crash of the machine it is whole too, or not there."""
    keep(draft)
    draft.replace(path)
    keep(path.parent)
