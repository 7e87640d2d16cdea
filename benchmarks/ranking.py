"""The ranking of one need, compared with the rows of its candidates by primary key; and what the plan does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import connection

from benchmarks import floors
from benchmarks.measuring import Case
from referrals.matching import ranking
from referrals.needs.models import Need
from referrals.needs.states import NeedStatus

TARGET = 10

#: SQL: the candidates of a need with what a ranking shows of each, by primary key. The figures of a provider
#: that are kept are read; none is computed.
CANDIDATES = """
    SELECT o.*, i.code, i.name, i.unit, i.funding, p.status, p.accredited_until, p.last_score, p.last_grade,
           p.match_bonus, p.answer_hours, g.name, t.latitude, t.longitude, l.id, l.unit_price, l.quota, l.reserved, l.used
    FROM unnest(%s::bigint[], %s::bigint[]) AS wanted (offer, line)
    JOIN catalog_offer o ON o.id = wanted.offer
    JOIN catalog_item i ON i.id = o.item_id
    JOIN organizations_provider p ON p.id = o.provider_id
    JOIN organizations_organization g ON g.id = p.organization_id
    LEFT JOIN organizations_place t ON t.id = g.place_id
    LEFT JOIN contracts_contractline l ON l.id = wanted.line
"""


def need() -> Need:
    """An open need for care, in the first town that has one."""
    found = Need.objects.filter(kind="care", status=NeedStatus.OPEN).order_by("town_id", "pk").first()
    if found is None:
        raise RuntimeError("no need is open")
    return found


def case() -> Case:
    """The ranking of that need."""
    wanted = need()
    shown = ranking.rank(wanted)
    found = [*shown.candidates, *shown.excluded]
    keys = [candidate.offer_id for candidate in found]
    lines = [candidate.line_id for candidate in found]
    return Case(
        f"ranking one need, {len(keys)} candidates",
        "the rows of its candidates by primary key",
        partial(ranking.rank, wanted),
        lambda: set(floors.keys(CANDIDATES, keys, lines)),
        TARGET,
        set(keys),
    )


def plan() -> list[str]:
    """What the plan of the ranking does: its times, and the nodes that take more than a tenth of it."""
    statement, given = _statement()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", given)
        (found,) = cursor.fetchone()
    told = (json.loads(found) if isinstance(found, str) else found)[0]
    whole = told["Execution Time"]
    lines = [f"planning {told['Planning Time']:.1f} ms, execution {whole:.1f} ms"]
    nodes = sorted(_nodes(told["Plan"]), key=lambda node: -node[0])
    return lines + [f"{own:.1f} ms: {words}" for own, words in nodes if own > whole / 10]


def _statement() -> tuple[str, Any]:
    """The statement of the ranking as it is sent."""
    sent: list[tuple[str, Any]] = []

    def watch(execute: Any, statement: Any, given: Any, many: bool, context: Any) -> Any:
        text = statement if isinstance(statement, str) else statement.as_string(connection.connection)
        sent.append((text, given))
        return execute(statement, given, many, context)

    wanted = need()
    with connection.execute_wrapper(watch):
        ranking.rank(wanted)
    return next((text, given) for text, given in sent if "judged" in text)


def _nodes(node: dict[str, Any]) -> Iterator[tuple[float, str]]:
    """Each node of a plan: the time that it takes itself (ms), and what it is in words."""
    below = node.get("Plans", [])
    took = node["Actual Total Time"] * node["Actual Loops"]
    own = took - sum(child["Actual Total Time"] * child["Actual Loops"] for child in below)
    where = node.get("Index Name") or node.get("Relation Name") or node.get("CTE Name") or ""
    rows = int(node["Actual Rows"] * node["Actual Loops"])
    yield own, f"{node['Node Type']} {where}, {rows:,} rows in {node['Actual Loops']:,} loops"
    for child in below:
        yield from _nodes(child)
