"""A backup holds everything; what speaks against restoring it is found before anything is changed."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import tarfile
from dataclasses import replace
from io import StringIO

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from foundation import moments
from foundation.personal_data import keys, proving
from foundation.scheduling import routines
from households.register.models import Person
from marketplace.backups import archive, programs, rehearsing, restoring, taking
from tests import databases, factories
from tools import kept_databases

# One database has this name, whichever worker makes it.
pytestmark = pytest.mark.xdist_group("backups")

TARGET = "tests_restored"


def backed_up(path) -> str:
    """What the command says."""
    said = StringIO()
    call_command("backup", str(path), stdout=said)
    return said.getvalue()


def restored(path, **options) -> str:
    said = StringIO()
    call_command("restore", str(path), stdout=said, **options)
    return said.getvalue()


@pytest.fixture(scope="module")
def backup(rooms_database, tmp_path_factory, django_db_blocker):
    """A backup of a database with a case, texts, a file and jobs; and of what each of its tables is made."""
    path = tmp_path_factory.mktemp("backup") / "city.backup"
    with django_db_blocker.unblock():
        factories.AcceptedReferral(story="独居")
        routines.run_minute()
        said = backed_up(path)
        whole = contents()
        connections.close_all()
    return path, said, whole


@pytest.fixture
def target(backup, django_db_blocker):
    """An empty database, in which this test works."""
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connections.close_all()
        kept_databases.in_maintenance(f'DROP DATABASE IF EXISTS "{TARGET}" WITH (FORCE)')
        kept_databases.in_maintenance(f'CREATE DATABASE "{TARGET}" TEMPLATE template0')
        kept_databases.use(TARGET)
        try:
            yield TARGET
        finally:
            kept_databases.drop(TARGET)
            kept_databases.use(usual)


def contents() -> dict[str, str]:
    """The rows of each table as one sum, where the sequences stand, and how all of it is defined."""
    found = {}
    with connection.cursor() as cursor:
        for table in taking.tables(cursor):
            cursor.execute(
                f"SELECT count(*) || ' ' || coalesce(md5(string_agg(row::text, chr(10) ORDER BY row::text)), '') "
                f'FROM public."{table}" row'
            )
            (found[table],) = cursor.fetchone()
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        found |= {f"sequence {name}": str(value) for name, value in cursor.fetchall()}
    line = programs._line("pg_dump", ["--schema-only", "--no-owner", "--no-privileges", "--no-comments"])
    schema = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    found["schema"] = "\n".join(
        row for row in schema.splitlines() if not row.startswith((r"\restrict", r"\unrestrict"))
    )
    return found


def meant(found: dict[str, str]) -> dict[str, str]:
    """The same with the schema without brackets and casts of texts, which PostgreSQL writes in another way, with
    the same meaning, once it has read a condition from a dump.
    """
    return {**found, "schema": re.sub(r"[()]|::(character varying|text)(\[\])?", "", found["schema"])}


def differing(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_what_is_restored_is_what_was_there_row_for_row(backup, target):
    path, _said, whole = backup
    assert "Restored" in restored(path)
    assert differing(meant(whole), meant(contents())) == set()
    assert sum(text[0] != "0" for name, text in whole.items() if " " not in name) > 30
    assert Person.objects.latest("pk").name.plain()


def test_what_is_restored_is_a_database_that_works(backup, target):
    restored(backup[0])
    referral = factories.AcceptedReferral()
    assert referral.pk
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_referral SET status = 'withdrawn'")
    assert routines.standstill() is False


def test_the_file_says_what_it_is_and_holds_no_secret(backup):
    path, said, _whole = backup
    with tarfile.open(path) as tar:
        assert tar.getnames() == [archive.MANIFEST, archive.DUMP, archive.SUM]
        manifest = json.load(tar.extractfile(archive.MANIFEST))
    assert manifest["version"] == taking.version()
    assert moments.now().isoformat()[:10] == manifest["made_at"][:10]
    assert ["referrals", "0001_initial"] in manifest["migrations"]
    assert manifest["rows"]["referrals_referral"] == 1
    assert manifest["secrets"] == {
        "SECRET_KEY": [],
        "LIANDONG_DATA_KEYS": keys.ids(),
        "LIANDONG_HASH_KEY": [],
    }
    for name, value in ((name, os.environ[name]) for name in manifest["secrets"]):
        assert name in said
        for secret in (value, value.partition(":")[2] or value):
            assert secret.encode() not in path.read_bytes()
            assert secret not in said
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_is_never_written_over(backup):
    with pytest.raises(CommandError, match="exists"):
        backed_up(backup[0])


def test_a_backup_is_of_one_moment_also_while_others_write(
    rooms_database, django_db_blocker, tmp_path, monkeypatch
):
    dump = programs.dump

    def write_meanwhile(path, snapshot):
        with psycopg.connect(databases.url(rooms_database), autocommit=True) as other:
            other.execute("INSERT INTO foundation_routine (name, tries) VALUES ('meanwhile', 0)")
        dump(path, snapshot)

    monkeypatch.setattr(programs, "dump", write_meanwhile)
    with django_db_blocker.unblock():
        before = routines.Routine.objects.count()
        backed_up(tmp_path / "one")
        assert routines.Routine.objects.count() == before + 1
        routines.Routine.objects.filter(name="meanwhile").delete()
        connections.close_all()
    manifest = archive.read(tmp_path / "one", tmp_path / "dump")
    assert manifest.rows["foundation_routine"] == before


# --- refusals -------------------------------------------------------------------------------


def refused(path, words: str, **options) -> None:
    """It is not restored, says why, and has changed nothing."""
    before = contents()
    with pytest.raises(CommandError, match=words):
        restored(path, **options)
    assert differing(before, contents()) == set()
    assert list(settings.VAR.glob(".restore-*")) == []


def changed(backup, tmp_path, **told):
    """The backup with another manifest, whose sum is right."""
    dump = tmp_path / "dump"
    manifest = archive.read(backup[0], dump)
    archive.write(tmp_path / "other", replace(manifest, **told), dump)
    return tmp_path / "other"


def test_a_database_that_holds_anything_is_refused(backup, target):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE own (id int)")
    refused(backup[0], "not empty")


def test_replacing_asks_and_deletes_what_was_there(backup, target, monkeypatch):
    restored(backup[0])
    first = contents()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE own (id int)")
    connections.close_all()
    refused(backup[0], "Nobody can be asked", replace=True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda words: "yes")
    refused(backup[0], "Nothing was changed", replace=True)
    monkeypatch.setattr("builtins.input", lambda words: TARGET)
    connections.close_all()
    restored(backup[0], replace=True)
    assert differing(first, contents()) == set()


@pytest.mark.parametrize("version", ["99.0.0", "0.5.1-of-mine", ""])
def test_a_newer_or_unknown_version_is_refused(backup, target, tmp_path, version):
    refused(changed(backup, tmp_path, version=version), "is of version")


def test_migrations_that_nobody_knows_are_refused(backup, target, tmp_path):
    refused(changed(backup, tmp_path, migrations=[["referrals", "0099_of_tomorrow"]]), "0099_of_tomorrow")


@pytest.mark.parametrize("at", [600, 0.3, 0.9, -200])
def test_a_file_of_which_a_byte_is_wrong_is_refused(backup, target, tmp_path, at):
    whole = bytearray(backup[0].read_bytes())
    with tarfile.open(backup[0]) as tar:
        dump = tar.getmember(archive.DUMP)
    place = int(dump.offset_data + at * dump.size) if isinstance(at, float) else at
    if place < 0:
        place += dump.offset_data + dump.size
    whole[place] ^= 1
    (tmp_path / "torn").write_bytes(whole)
    refused(tmp_path / "torn", "cannot be restored")


@pytest.mark.parametrize("share", [0, 0.001, 0.5, 0.99])
def test_a_file_that_is_cut_off_or_none_of_ours_is_refused(backup, target, tmp_path, share):
    whole = backup[0].read_bytes()
    (tmp_path / "short").write_bytes(whole[: int(len(whole) * share)])
    refused(tmp_path / "short", "cannot be restored")


def test_a_file_that_is_not_there_is_refused(target, tmp_path):
    refused(tmp_path / "none", "cannot be restored")


def test_other_secrets_are_refused(backup, target, monkeypatch):
    with monkeypatch.context() as other:
        other.setattr(settings, "LIANDONG_DATA_KEYS", f"1:{base64.b64encode(b'x' * 32).decode()}")
        refused(backup[0], "LIANDONG_DATA_KEYS does not open")
    monkeypatch.setattr(settings, "LIANDONG_HASH_KEY", "another")
    refused(backup[0], "LIANDONG_HASH_KEY")


def test_a_value_that_no_key_opens_is_told_after_all(backup, target, monkeypatch):
    monkeypatch.setattr(proving, "_reads", lambda column: column.column != "name")
    with pytest.raises(CommandError, match=r"do not open .*\.name"):
        restored(backup[0])


def test_a_database_that_others_use_is_refused(backup, target):
    with psycopg.connect(databases.url(target)):
        refused(backup[0], "1 other connections")


def test_a_dump_that_fails_midway_leaves_the_database_as_it_was(backup, target, tmp_path):
    rows = archive.read(backup[0], tmp_path / "again").rows
    refused(changed(backup, tmp_path, rows={**rows, "referrals_referral": 2}), "as it was")


class Cut(Exception):
    """The process that hands the script on is gone."""


def test_a_script_that_ends_early_is_rolled_back_wherever_it_ends(backup, target, tmp_path, monkeypatch):
    """Also behind a statement, and behind all rows, when only indexes, triggers and constraints are missing."""
    dump, relay = tmp_path / "dump", programs._relay
    counted = [restoring._counting(archive.read(backup[0], dump).rows)]
    line = [
        programs._program("pg_restore"),
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--file=-",
        str(dump),
    ]
    script = subprocess.run(line, check=True, capture_output=True).stdout
    ends = [found.end() for found in re.finditer(rb";\n\n", script)]
    behind_the_rows = [end for end in ends if end > script.rindex(b"\n\\.\n")]
    assert len(behind_the_rows) > 50
    places = [
        ends[3],
        ends[len(ends) // 2],
        script.index(b"\n\\.\n", len(script) // 2),
        behind_the_rows[0],
        behind_the_rows[-2],
        behind_the_rows[-1],
        behind_the_rows[-1] - 20,
    ]

    for place in places:

        def cut(reader, writer, place=place) -> None:
            reader.stdout.read()
            writer.stdin.write(script[:place])
            raise Cut

        monkeypatch.setattr(programs, "_relay", cut)
        with pytest.raises(Cut):
            programs.load(dump, before=(), after=counted)
        assert taking.tables(connection.cursor()) == [], script[place - 200 : place]
    monkeypatch.setattr(programs, "_relay", relay)
    programs.load(dump, before=(), after=counted)
    assert differing(meant(backup[2]), meant(contents())) == set()


def test_a_restored_city_is_started_as_its_machine_starts_it(backup, target, monkeypatch):
    assert "make serve" in restored(backup[0])
    connections.close_all()
    monkeypatch.setenv("INVOCATION_ID", "0123456789abcdef0123456789abcdef")
    monkeypatch.setattr("builtins.input", lambda words: TARGET)
    assert "systemctl start liandong.target" in restored(backup[0], replace=True, no_input=True)


def test_a_user_who_may_make_no_database_is_told_the_right_that_is_missing(own_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", databases.url(own_database))
    monkeypatch.setattr(rehearsing.embedded, "share_with_children", lambda: None)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE tests_no_right")
        try:
            cursor.execute("SET ROLE tests_no_right")
            with pytest.raises(CommandError, match=r"ALTER ROLE .* CREATEDB"), rehearsing._database_beside():
                pytest.fail("it was made")
            cursor.execute("RESET ROLE")
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            assert cursor.fetchone() == (0,)
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE tests_no_right")
