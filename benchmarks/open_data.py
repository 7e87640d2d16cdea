"""The open data of a year with many processes: whether memory stays flat while they are written."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from django.db import connection

from benchmarks import leaving
from benchmarks.measuring import Row
from benchmarks.memory import while_exporting
from procurement.phases import TO_BE_CONTRACTED
from procurement.purchases.models import Project
from procurement.purchases.states import ProjectStatus

#: SQL: copies of a purchase with everything that belongs to it; ids go on from the last.
COPIES = (
    """
    INSERT INTO procurement_project
    SELECT (jsonb_populate_record(p, jsonb_build_object(
        'id', %(last)s + n, 'number', 'XM-2026-9' || lpad(n::text, 5, '0')))).*
    FROM procurement_project p, generate_series(1, %(count)s) n WHERE p.id = %(model)s
    """,
    """
    INSERT INTO procurement_projectitem
    SELECT (jsonb_populate_record(i, jsonb_build_object(
        'id', %(items)s + n * 10 + rank, 'project_id', %(last)s + n))).*
    FROM (SELECT i, row_number() OVER (ORDER BY i.id) AS rank FROM procurement_projectitem i
          WHERE i.project_id = %(model)s) r, generate_series(1, %(count)s) n
    """,
    """
    INSERT INTO procurement_bid
    SELECT (jsonb_populate_record(b, jsonb_build_object(
        'id', %(bids)s + n * 10 + rank, 'project_id', %(last)s + n))).*
    FROM (SELECT b, row_number() OVER (ORDER BY b.id) AS rank FROM procurement_bid b
          WHERE b.project_id = %(model)s) r, generate_series(1, %(count)s) n
    """,
    """
    INSERT INTO foundation_entry
    SELECT (jsonb_populate_record(e, jsonb_build_object(
        'id', %(entries)s + n * 100 + rank, 'object_id', %(last)s + n, 'key', ''))).*
    FROM (SELECT e, row_number() OVER (ORDER BY e.id) AS rank FROM foundation_entry e
          WHERE e.lifecycle = 'procurement.Project' AND e.object_id = %(model)s) r,
         generate_series(1, %(count)s) n
    """,
)
LAST = "SELECT coalesce(max(id), 0) FROM {}"


#: Processes of a run.
COUNTS = {"small": 500, "full": 10_000}


def run(scale: str) -> list[Row]:
    """Export many processes; the memory of the process (MB) after a tenth of them and at the end."""
    count = COUNTS[scale]
    with leaving.undone([]):
        _copy(count)
        year = Project.objects.get(pk=_model()).published_at.year
        # In a new process, since this one has done other work.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own:
            early, late = own.submit(while_exporting, year).result()
    return [
        Row(
            f"open data of {count:,} processes: memory at the end / after a tenth",
            late,
            early,
            1.2,
            unit="MB",
        )
    ]


def _model() -> int:
    """The purchase that is copied: three bids, an award, nothing signed yet."""
    found = Project.objects.filter(status__in=ProjectStatus.in_phase(TO_BE_CONTRACTED))
    return found.order_by("id").values_list("pk", flat=True)[0]


def _copy(count: int) -> None:
    with connection.cursor() as cursor:
        given = {"count": count, "model": _model()}
        for name, table in (
            ("last", "procurement_project"),
            ("items", "procurement_projectitem"),
            ("bids", "procurement_bid"),
            ("entries", "foundation_entry"),
        ):
            cursor.execute(LAST.format(table))
            given[name] = cursor.fetchone()[0]
        cursor.execute("SET session_replication_role = replica")
        for statement in COPIES:
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")
