"""What is counted of the ratings of households."""

from __future__ import annotations

from foundation.counted_events import CountedEvents
from referrals.answers.models import Satisfaction, Way
from referrals.offers.models import Referral

#: Every household weighs 6, shared by its answers of several channels. The answer that the window writes
#: down counts only where the household has not answered itself.
SATISFACTION = CountedEvents(
    "satisfaction",
    ("marks", "squares", "marks_all"),
    {"s": Satisfaction, "o": Satisfaction, "r": Referral},
    """
    SELECT {r.provider} AS provider_id, '' AS mix, {s.at} AS at, 'referral' AS kind, {r.id} AS record,
        {s.score} * 6 / greatest(k.own, 1) AS marks,
        {s.score} * {s.score} * 6 / greatest(k.own, 1) AS squares,
        6 / greatest(k.own, 1) AS marks_all
    FROM {s} JOIN {r} ON {r.need} = {s.need} AND {r.goal_level} IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT count(*) AS own FROM {o}
        WHERE {o.need} = {s.need} AND {o.channel} <> %(written_by_the_window)s) k
    WHERE ({s.channel} <> %(written_by_the_window)s OR k.own = 0)
    """,
    happened="s.at",
    provider="r.provider",
    given={"written_by_the_window": str(Way.CALL)},
)
