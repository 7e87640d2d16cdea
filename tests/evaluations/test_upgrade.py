"""A city that runs the version before keeps its results, and its referrals learn how hard they were."""

from __future__ import annotations

import json
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from evaluations.models import Assessment, Round, Scheme
from referrals.models import Referral

#: What a column that has to be filled gets where a row does not say.
EMPTY = {
    "bigint": 1,
    "integer": 1,
    "smallint": 1,
    "boolean": False,
    "jsonb": "{}",
    "bytea": b"",
    "numeric": 0,
    "double precision": 0,
    "date": "2026-01-01",
    "timestamp with time zone": "2026-01-01T00:00:00Z",
    "ARRAY": "{}",
}
TREE = [{"key": "a", "title": "甲", "weight": 100, "source": "scored"}]
PARTS = [{"key": "a", "title": "甲", "weight": 100.0, "share": 0.75}]


def row(table: str, **values: Any) -> None:
    """One row as the version before had it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
            "AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' "
            "AND is_generated = 'NEVER'",
            [table],
        )
        filled = {name: EMPTY.get(kind, "") for name, kind in cursor.fetchall()} | values
        filled = {k: json.dumps(v) if isinstance(v, list) else v for k, v in filled.items()}
        names, marks = ", ".join(f'"{n}"' for n in filled), ", ".join(["%s"] * len(filled))
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(filled.values()))


def the_version_before() -> None:
    """Schemes, rounds, and a referral that ended early."""
    row("organizations_organization", id=1, kind="provider", code="p")
    row("organizations_place", id=1, code="p", kind="street")
    row(
        "catalog_offer",
        id=1,
        status="accepted",
        places=5,
        taken=1,
        weekly=10,
        price=40,
        weekdays="{MO}",
        opens_at="08:30",
        closes_at="17:30",
    )
    row("organizations_provider", id=1, organization_id=1, status="accredited")
    for pk in (1, 2):
        row("evaluations_scheme", id=pk, name=f"方案{pk}", indicators=TREE, status="in_use")
    days = {"period_from": "2025-01-01", "period_to": "2025-12-31"}
    row("evaluations_round", id=1, title="去年", scheme_id=1, status="final", **days)
    row("evaluations_round", id=2, title="今年", scheme_id=1, status="scoring", **days)
    row("evaluations_assessment", id=1, round_id=1, parts=PARTS, total=75, grade="pass")
    row("evaluations_assessment", id=2, round_id=2, parts=[])
    row("households_household", id=1, number="JT-1", category="extremely_poor")
    row("referrals_matter", id=1, number="SL-1", household_id=1)
    for pk, status in ((1, "in_service"), (2, "closed")):
        row("referrals_need", id=pk, matter_id=1, kind="care", status="in_hand")
        row("referrals_referral", id=pk, number=f"ZJ-{pk}", need_id=pk, units=4, weekly=1, status=status)
    row("foundation_entry", lifecycle="referrals.Referral", object_id=2, move="end_early", role="coordinator")


def test_results_stay_and_what_was_under_way_is_planned_anew(empty_database):
    for name, target in (
        ("foundation", "0005"),
        ("households", "0005"),
        ("contracts", "0010"),
        ("organizations", "0003"),
        ("referrals", "0004"),
        ("evaluations", "0002"),
    ):
        call_command("migrate", name, target, verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        the_version_before()
    call_command("migrate", verbosity=0)
    assert dict(Round.objects.values_list("pk", "status")) == {1: "final", 2: "cancelled"}
    assert dict(Scheme.objects.values_list("pk", "status")) == {1: "superseded", 2: "in_use"}
    kept = Assessment.objects.get(pk=1)
    assert (kept.status, kept.grade, str(kept.total)) == ("settled", "pass", "75.00")
    call_command("recompute", "--all", verbosity=0)
    first, ended = Referral.objects.order_by("pk")
    assert (first.case_mix, ended.ended_by) == ("care-3-n", "coordinator")
