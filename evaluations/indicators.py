"""Automatic figures of providers, from what referrals show; each with its count.

A figure is a share between 0 and 1, except ``satisfaction`` (mean of 1 to 5);
one without records is absent, never zero.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from evaluations.models import ProviderFigures
from foundation import moments

#: Each figure counts yes and all over the referrals that a provider was offered
#: between two days; NULL where nothing was to be counted.
_SQL = """
SELECT r.provider_id,
  count(*) FILTER (WHERE r.answered_at IS NOT NULL) AS answered_yes,
  count(*) FILTER (WHERE r.answered_at IS NOT NULL OR r.status = 'timed_out') AS answered_all,
  count(*) FILTER (WHERE r.answered_at IS NOT NULL AND r.status <> 'declined') AS accepted_yes,
  count(*) FILTER (WHERE r.answered_at IS NOT NULL) AS accepted_all,
  count(*) FILTER (WHERE c.met) AS contact_yes,
  count(*) FILTER (WHERE c.met IS NOT NULL) AS contact_all,
  coalesce(sum(r.used) FILTER (WHERE r.finished_at IS NOT NULL), 0) AS visits_yes,
  coalesce(sum(r.units) FILTER (WHERE r.finished_at IS NOT NULL), 0) AS visits_all,
  count(*) FILTER (WHERE r.goal_level IS NOT NULL) AS continuity_yes,
  count(*) FILTER (WHERE r.finished_at IS NOT NULL) AS continuity_all,
  count(*) FILTER (WHERE r.goal_level >= 3) AS goals_yes,
  count(*) FILTER (WHERE r.goal_level IS NOT NULL) AS goals_all,
  sum(s.points) / nullif(sum(s.n), 0) AS satisfaction, coalesce(sum(s.n), 0) AS satisfaction_n
FROM referrals_referral r
LEFT JOIN LATERAL (
    SELECT k.stopped_at <= k.due_at AS met FROM foundation_clock k
    WHERE k.lifecycle = 'referrals.Referral' AND k.object_id = r.id
      AND k.rule_key = 'referral.first_contact' AND k.stopped_at IS NOT NULL
    ORDER BY k.id LIMIT 1) c ON true
LEFT JOIN LATERAL (
    -- A household asked by two channels counts once, with the mean of what it said.
    SELECT avg(a.score) AS points, 1 AS n FROM referrals_satisfaction a
    WHERE a.need_id = r.need_id AND r.goal_level IS NOT NULL
    HAVING count(*) > 0) s ON true
WHERE r.offered_at >= %(first)s AND r.offered_at < %(after)s
  AND (%(providers)s::bigint[] IS NULL OR r.provider_id = ANY(%(providers)s))
GROUP BY r.provider_id
"""

SHARES = ("answered", "accepted", "contact", "visits", "continuity", "goals")


def figures(
    first: date, last: date, providers: list[int] | None = None
) -> dict[int, dict[str, dict[str, float]]]:
    """Figures by provider over the referrals offered from ``first`` to ``last``.

    Each is ``{"value": …, "n": …}``.
    """
    given = {
        "first": _midnight(first),
        "after": _midnight(last + timedelta(days=1)),
        "providers": providers,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["provider_id"]: _shares(row) for row in rows}


def _midnight(day: date) -> datetime:
    """When a day begins in the city; a bare date would begin with the database's session."""
    return datetime.combine(day, time.min, moments.SHANGHAI)


def _shares(row: dict[str, Any]) -> dict[str, dict[str, float]]:
    found = {
        name: {
            "value": round(float(row[f"{name}_yes"] / row[f"{name}_all"]), 4),
            "n": int(row[f"{name}_all"]),
        }
        for name in SHARES
        if row[f"{name}_all"]
    }
    if row["satisfaction_n"]:
        found["satisfaction"] = {
            "value": round(float(row["satisfaction"]), 4),
            "n": row["satisfaction_n"],
        }
    return found


@transaction.atomic
def refresh() -> int:
    """Refresh every provider's figures over the last 365 days; returns how many."""
    today = moments.today()
    found = figures(today - timedelta(days=365), today)
    ProviderFigures.objects.bulk_create(
        [
            ProviderFigures(provider_id=provider, values=values, as_of=moments.now())
            for provider, values in found.items()
        ],
        update_conflicts=True,
        unique_fields=["provider"],
        update_fields=["values", "as_of"],
    )
    return len(found)
