"""What is counted of complaints about providers."""

from __future__ import annotations

from foundation.counted_events import CountedEvents
from foundation.lifecycle.phases import DROPPED
from referrals.complaints.models import About, Complaint
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus

#: A complaint is about the provider that took the case of its need last.
COMPLAINTS = CountedEvents(
    "complaints",
    ("complaints",),
    {"c": Complaint, "r": Referral, "o": Referral},
    """
    SELECT {r.provider} AS provider_id, '' AS mix, {c.created_at} AS at,
        'complaint' AS kind, {c.id} AS record, 1 AS complaints
    FROM {c} CROSS JOIN LATERAL (
        SELECT {o.provider} FROM {o}
        WHERE {o.need} = {c.need} AND {o.answered_at} IS NOT NULL
            AND {o.status} <> ALL(%(referral_dropped)s)
        ORDER BY {o.answered_at} DESC, {o.id} DESC LIMIT 1) r
    WHERE {c.about} = %(about_a_provider)s
    """,
    happened="c.created_at",
    provider="r.provider",
    given={
        "referral_dropped": [str(state) for state in ReferralStatus.in_phase(DROPPED)],
        "about_a_provider": str(About.PROVIDER),
    },
)
