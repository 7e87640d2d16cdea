"""Which backups of a folder are kept: the newest of each of the last days, weeks and months.

Days, weeks and months are counted of those that have a backup, so that after a pause, or under a wrong
clock, the old ones stay until there are new ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

#: The name of a backup that the rotation knows; whatever else lies in the folder it leaves.
NAME = "liandong-%Y-%m-%dT%H%M%S.backup"
_OURS = re.compile(r"liandong-\d{4}-\d\d-\d\dT\d{6}\.backup")


@dataclass(frozen=True)
class Keep:
    """Of how many days, weeks and months the newest backup is kept."""

    days: int = 14
    weeks: int = 8
    months: int = 12


def name_of(moment: datetime) -> str:
    """The name of a backup that was begun then."""
    return moment.strftime(NAME)


def made(folder: Path) -> list[Path]:
    """The backups of the folder, the oldest first."""
    return sorted(path for path in folder.iterdir() if _made_at(path))


def superseded(folder: Path, keep: Keep) -> list[Path]:
    """The backups of the folder that need not be kept, the oldest first; never the newest."""
    all_of_them = made(folder)
    needed = set(all_of_them[-1:])
    needed |= _newest_of_each(all_of_them, lambda at: at.date(), keep.days)
    needed |= _newest_of_each(all_of_them, lambda at: at.isocalendar()[:2], keep.weeks)
    needed |= _newest_of_each(all_of_them, lambda at: (at.year, at.month), keep.months)
    return [path for path in all_of_them if path not in needed]


def _newest_of_each(paths: Iterable[Path], period: Callable[[datetime], Hashable], last: int) -> set[Path]:
    """The newest backup of each of the last periods; the paths are in order of time."""
    newest = {period(at): path for path in paths if (at := _made_at(path))}
    return set(list(newest.values())[-last:] if last else [])


def _made_at(path: Path) -> datetime | None:
    """When a backup of ours was begun; None for any other file."""
    if not _OURS.fullmatch(path.name) or not path.is_file():
        return None
    try:
        return datetime.strptime(path.name, NAME)
    except ValueError:  # the 31st of February
        return None
