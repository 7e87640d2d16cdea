"""How fast each provider answers: the average of its latest answers, kept by the night for the ranking."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from organizations.providers.models import Provider
from referrals.offers.models import Referral

#: How many of a provider's latest answers count.
LATEST = 20

_KEEP = sql.SQL("""
    UPDATE {provider} kept SET answer_hours = pace.hours
    FROM {provider} p LEFT JOIN LATERAL (
        SELECT avg(extract(epoch FROM recent.answered_at - recent.offered_at) / 3600)::float AS hours
        FROM (SELECT answered_at, offered_at FROM {referral} r
              WHERE r.provider_id = p.id AND r.answered_at IS NOT NULL
              ORDER BY r.answered_at DESC LIMIT %s) recent) pace ON true
    WHERE kept.id = p.id AND kept.answer_hours IS DISTINCT FROM pace.hours
""").format(
    provider=sql.Identifier(Provider._meta.db_table), referral=sql.Identifier(Referral._meta.db_table)
)


def count_again() -> int:
    """Count the hours of every provider anew; returns of how many they changed."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [LATEST])
        return int(cursor.rowcount)
