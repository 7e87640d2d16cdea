"""What is counted of referrals: answers, answers in time, first contacts, and services that ended."""

from __future__ import annotations

from collections.abc import Iterator

from foundation.counted_events import CountedEvents
from foundation.deadlines.models import Clock
from foundation.lifecycle.phases import ASKED
from foundation.lifecycle.table import ClockFor
from foundation.roles import PROVIDER_SIDE
from referrals.offers.models import Referral
from referrals.offers.states import LEFT_UNANSWERED, REFERRAL, REFUSED, TO_CONTACT, ReferralStatus


def _rules_in(states: tuple[str, ...]) -> Iterator[str]:
    """The deadline rules that run in these states."""
    for state in states:
        key = REFERRAL.clocks.get(state, "")
        yield from key.keys if isinstance(key, ClockFor) else filter(None, (key,))


_ASKED = ReferralStatus.in_phase(ASKED)

ANSWERS = CountedEvents(
    "answers",
    ("answers", "seconds", "accepted_yes"),
    {"r": Referral},
    """
    SELECT {r.provider} AS provider_id, {r.case_mix} AS mix, {r.answered_at} AS at,
        'referral' AS kind, {r.id} AS record,
        1 AS answers, extract(epoch FROM {r.answered_at} - {r.offered_at})::bigint AS seconds,
        ({r.status} <> ALL(%(referral_refused)s))::int AS accepted_yes
    FROM {r} WHERE {r.offered_at} IS NOT NULL
    """,
    happened="r.answered_at",
    provider="r.provider",
    given={"referral_refused": [str(state) for state in ReferralStatus.with_trait(REFUSED)]},
)


#: Answered in time is judged by the clock's due moment, which includes granted pauses.
IN_TIME = CountedEvents(
    "in_time",
    ("answered_yes", "answered_all"),
    {"c": Clock, "r": Referral},
    """
    SELECT {r.provider} AS provider_id, '' AS mix, {c.stopped_at} AS at,
        'referral' AS kind, {r.id} AS record,
        ({r.answered_at} IS NOT NULL AND {c.stopped_at} <= {c.due_at})::int AS answered_yes,
        1 AS answered_all
    FROM {c} JOIN {r} ON {r.id} = {c.object_id}
    WHERE {c.lifecycle} = %(referral_lifecycle)s AND {c.state} = ANY(%(referral_asked)s)
        AND {c.rule_key} = ANY(%(referral_answer_rules)s)
        AND ({r.answered_at} IS NOT NULL OR {r.status} = ANY(%(referral_unanswered)s))
    """,
    happened="c.stopped_at",
    provider="r.provider",
    given={
        "referral_lifecycle": REFERRAL.label,
        "referral_asked": [str(state) for state in _ASKED],
        "referral_answer_rules": list(_rules_in(_ASKED)),
        "referral_unanswered": [str(state) for state in ReferralStatus.with_trait(LEFT_UNANSWERED)],
    },
)


CONTACTS = CountedEvents(
    "contacts",
    ("contact_yes", "contact_all"),
    {"c": Clock, "r": Referral},
    """
    SELECT {r.provider} AS provider_id, '' AS mix, {c.stopped_at} AS at,
        'referral' AS kind, {r.id} AS record,
        ({c.stopped_at} <= {c.due_at})::int AS contact_yes, 1 AS contact_all
    FROM {c} JOIN {r} ON {r.id} = {c.object_id}
    WHERE {c.lifecycle} = %(referral_lifecycle)s AND {c.rule_key} = ANY(%(referral_contact_rules)s)
        AND octet_length({r.plan_text}) > 0
    """,
    happened="c.stopped_at",
    provider="r.provider",
    given={
        "referral_lifecycle": REFERRAL.label,
        "referral_contact_rules": list(_rules_in(ReferralStatus.with_trait(TO_CONTACT))),
    },
)


SERVICES = CountedEvents(
    "services",
    ("services", "completed_yes", "kept_yes", "units_yes", "units_all", "goals_yes"),
    {"r": Referral},
    """
    SELECT {r.provider} AS provider_id, {r.case_mix} AS mix, {r.finished_at} AS at,
        'referral' AS kind, {r.id} AS record,
        1 AS services, ({r.goal_level} IS NOT NULL)::int AS completed_yes,
        ({r.ended_by} <> ALL(%(provider_side)s))::int AS kept_yes,
        {r.used} AS units_yes, {r.units} AS units_all,
        coalesce({r.goal_level} >= 3, false)::int AS goals_yes
    FROM {r} WHERE true
    """,
    happened="r.finished_at",
    provider="r.provider",
    given={"provider_side": [str(role) for role in PROVIDER_SIDE]},
)
