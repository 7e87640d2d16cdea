"""Of the backups of a folder the newest of each day, week and month is kept, and nothing else is touched."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation import moments
from marketplace.backups import rehearsing, rotation, taking
from marketplace.backups.rotation import Keep


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=moments.SHANGHAI)


def made(folder, *moments_of: datetime) -> None:
    for moment in moments_of:
        (folder / rotation.name_of(moment)).touch()


def left(folder, keep: Keep) -> list[str]:
    gone = {path.name for path in rotation.superseded(folder, keep)}
    return sorted(path.name[9:19] for path in folder.iterdir() if path.name not in gone)


def test_days_weeks_and_months_are_kept_and_what_lies_between_goes(tmp_path):
    made(tmp_path, *(at(2026, 11, 29, 2, 15) - timedelta(days=n) for n in range(400)))
    kept = left(tmp_path, Keep(days=3, weeks=3, months=3))
    assert kept == [
        "2026-09-30",  # the last of its month
        "2026-10-31",
        "2026-11-15",  # Sundays, the last of their weeks
        "2026-11-22",
        "2026-11-27",
        "2026-11-28",
        "2026-11-29",
    ]
    assert len(left(tmp_path, Keep())) < 14 + 8 + 12


def test_of_one_day_the_newest_is_kept(tmp_path):
    made(tmp_path, at(2026, 11, 28, 2, 15), at(2026, 11, 29, 2, 15), at(2026, 11, 29, 17, 0))
    gone = rotation.superseded(tmp_path, Keep(days=2, weeks=0, months=0))
    assert [path.name for path in gone] == ["liandong-2026-11-29T021500.backup"]


def test_after_a_long_pause_and_under_a_wrong_clock_the_old_ones_stay(tmp_path):
    made(tmp_path, at(2024, 5, 1, 2, 15), at(2024, 5, 2, 2, 15), at(2026, 11, 29, 2, 15))
    assert left(tmp_path, Keep(days=3, weeks=0, months=0)) == ["2024-05-01", "2024-05-02", "2026-11-29"]


def test_the_newest_stays_whatever_is_asked(tmp_path):
    made(tmp_path, at(2026, 11, 28), at(2026, 11, 29))
    assert left(tmp_path, Keep(0, 0, 0)) == ["2026-11-29"]


def test_other_files_are_nobodys_business(tmp_path):
    names = (
        "before-upgrade.backup",
        "liandong-2026-02-31T021500.backup",
        "liandong-2026-11-01T021500.backup.gpg",
    )
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "liandong-2026-11-02T021500.backup").mkdir()
    made(tmp_path, at(2026, 11, 29))
    assert rotation.superseded(tmp_path, Keep(0, 0, 0)) == []


@pytest.fixture
def taken(monkeypatch):
    """Backups without a dump: what is tried is where they go and what stays."""

    class Made:
        rows, total, version, secrets = {"a": 1}, 1, "0.5.1", {}

    def take(path):
        path.write_bytes(b"backup")
        return Made

    monkeypatch.setattr(taking, "take", take)


def backed_up(*words) -> str:
    said = StringIO()
    call_command("backup", *map(str, words), stdout=said)
    return said.getvalue()


def test_a_backup_into_a_folder_bears_its_time_and_clears_old_ones_only_when_asked(taken, tmp_path):
    made(tmp_path, *(at(2026, 11, day) for day in range(1, 28)))
    with moments.as_of(at(2026, 11, 29, 2, 15)):
        backed_up(tmp_path)
    assert len(list(tmp_path.iterdir())) == 28
    with moments.as_of(at(2026, 11, 29, 2, 16)):
        said = backed_up(tmp_path, "--rotate", "--days", "2", "--weeks", "0", "--months", "0")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "liandong-2026-11-27T000000.backup",
        "liandong-2026-11-29T021600.backup",
    ]
    assert said.count("deleted") == 27


def test_a_backup_that_fails_deletes_nothing(monkeypatch, tmp_path):
    def fails(path):
        raise CommandError("The disk is full.")

    monkeypatch.setattr(taking, "take", fails)
    made(tmp_path, at(2026, 11, 1), at(2026, 11, 2))
    with pytest.raises(CommandError, match="full"):
        backed_up(tmp_path, "--rotate", "--days", "1", "--weeks", "0", "--months", "0")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("words", "why"), [(["--rotate"], "a folder"), (["--rotate", "--days", "-1"], "0 or more")]
)
def test_what_cannot_be_meant_is_told_before_anything_is_done(taken, tmp_path, words, why):
    with pytest.raises(CommandError, match=why):
        backed_up(tmp_path / "new.backup", *words)
    assert list(tmp_path.iterdir()) == []


def test_a_rehearsal_takes_the_newest_of_a_folder(tmp_path):
    with pytest.raises(CommandError, match="no backup"):
        rehearsing.newest(tmp_path)
    made(tmp_path, at(2026, 11, 28), at(2026, 11, 29))
    assert rehearsing.newest(tmp_path).name == "liandong-2026-11-29T000000.backup"
    assert rehearsing.newest(tmp_path / "other.backup").name == "other.backup"
