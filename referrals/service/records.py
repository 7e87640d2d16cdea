"""What is counted of visits: whether they were recorded within two days and confirmed."""

from __future__ import annotations

from foundation.counted_events import CountedEvents
from referrals.offers.models import Referral
from referrals.service.models import Visit

VISITS = CountedEvents(
    "visits",
    ("records_yes", "records_all"),
    {"v": Visit, "r": Referral},
    """
    SELECT {r.provider} AS provider_id, '' AS mix, {v.recorded_at} AS at,
        'referral' AS kind, {r.id} AS record,
        ({v.confirmed} AND {v.recorded_at} < ({v.on} + 3)::timestamp AT TIME ZONE 'Asia/Shanghai')::int
            AS records_yes,
        1 AS records_all
    FROM {v} JOIN {r} ON {r.id} = {v.referral} WHERE true
    """,
    happened="v.recorded_at",
    provider="r.provider",
)
