"""The records that indicators count, as SQL rows that are summed, charted by week, and listed.

A row belongs to the moment of its event (``at``), which never changes afterwards: the figures of a period are
sums over its events, and a day can be added or subtracted. Every statement gives ``provider_id``, ``mix``,
``at``, ``kind`` and ``record`` (the object that a reader opens) and its counters.

They are SQL because the same text is used inside other statements that sum, chart and list; a view of each
owner would need a migration for every new measure, and the definitions would stand apart.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Every counter, in the order of the columns of a tally.
COUNTERS = (
    "answered_yes",
    "answered_all",
    "answers",
    "seconds",
    "accepted_yes",
    "contact_yes",
    "contact_all",
    "services",
    "completed_yes",
    "kept_yes",
    "units_yes",
    "units_all",
    "goals_yes",
    "records_yes",
    "records_all",
    "marks",
    "squares",
    "marks_all",
    "complaints",
    "deliveries",
    "cost_fen",
    "guide_fen",
    "found",
    "claimed",
)


@dataclass(frozen=True)
class Source:
    """One kind of rows: its name, its counters, its statement without the period.

    ``when`` is the column that the period is filtered by.
    """

    name: str
    counters: tuple[str, ...]
    rows: str
    when: str


SOURCES = (
    Source(
        "answers",
        ("answers", "seconds", "accepted_yes"),
        """
        SELECT r.provider_id, r.case_mix AS mix, r.answered_at AS at, 'referral' AS kind, r.id AS record,
            1 AS answers, extract(epoch FROM r.answered_at - r.offered_at)::bigint AS seconds,
            (r.status <> 'declined')::int AS accepted_yes
        FROM referrals_referral r WHERE r.offered_at IS NOT NULL
        """,
        "r.answered_at",
    ),
    Source(
        # Answered in time is judged by the clock's due moment, which includes granted pauses.
        "in_time",
        ("answered_yes", "answered_all"),
        """
        SELECT r.provider_id, '' AS mix, c.stopped_at AS at, 'referral' AS kind, r.id AS record,
            (r.answered_at IS NOT NULL AND c.stopped_at <= c.due_at)::int AS answered_yes, 1 AS answered_all
        FROM foundation_clock c JOIN referrals_referral r ON r.id = c.object_id
        WHERE c.lifecycle = 'referrals.Referral' AND c.state = 'offered'
            AND c.rule_key IN ('referral.answer', 'referral.answer_urgent')
            AND (r.answered_at IS NOT NULL OR r.status = 'timed_out')
        """,
        "c.stopped_at",
    ),
    Source(
        "contacts",
        ("contact_yes", "contact_all"),
        """
        SELECT r.provider_id, '' AS mix, c.stopped_at AS at, 'referral' AS kind, r.id AS record,
            (c.stopped_at <= c.due_at)::int AS contact_yes, 1 AS contact_all
        FROM foundation_clock c JOIN referrals_referral r ON r.id = c.object_id
        WHERE c.lifecycle = 'referrals.Referral' AND c.rule_key = 'referral.first_contact'
            AND octet_length(r.plan_text) > 0
        """,
        "c.stopped_at",
    ),
    Source(
        "services",
        ("services", "completed_yes", "kept_yes", "units_yes", "units_all", "goals_yes"),
        """
        SELECT r.provider_id, r.case_mix AS mix, r.finished_at AS at, 'referral' AS kind, r.id AS record,
            1 AS services, (r.goal_level IS NOT NULL)::int AS completed_yes,
            (r.ended_by NOT IN ('coordinator', 'social_worker'))::int AS kept_yes,
            r.used AS units_yes, r.units AS units_all, coalesce(r.goal_level >= 3, false)::int AS goals_yes
        FROM referrals_referral r WHERE true
        """,
        "r.finished_at",
    ),
    Source(
        "visits",
        ("records_yes", "records_all"),
        """
        SELECT r.provider_id, '' AS mix, v.recorded_at AS at, 'referral' AS kind, r.id AS record,
            (v.confirmed AND v.recorded_at < (v."on" + 3)::timestamp AT TIME ZONE 'Asia/Shanghai')::int
                AS records_yes,
            1 AS records_all
        FROM referrals_visit v JOIN referrals_referral r ON r.id = v.referral_id WHERE true
        """,
        "v.recorded_at",
    ),
    Source(
        "satisfaction",
        ("marks", "squares", "marks_all"),
        # Every household weighs 6, shared by its answers of several channels. The answer that the window
        # writes down counts only where the household has not answered itself.
        """
        SELECT r.provider_id, '' AS mix, s.at, 'referral' AS kind, r.id AS record,
            s.score * 6 / greatest(k.own, 1) AS marks, s.score * s.score * 6 / greatest(k.own, 1) AS squares,
            6 / greatest(k.own, 1) AS marks_all
        FROM referrals_satisfaction s
        JOIN referrals_referral r ON r.need_id = s.need_id AND r.goal_level IS NOT NULL
        CROSS JOIN LATERAL (
            SELECT count(*) AS own FROM referrals_satisfaction o
            WHERE o.need_id = s.need_id AND o.channel <> 'call') k
        WHERE (s.channel <> 'call' OR k.own = 0)
        """,
        "s.at",
    ),
    Source(
        "complaints",
        ("complaints",),
        """
        SELECT r.provider_id, '' AS mix, c.created_at AS at, 'complaint' AS kind, c.id AS record,
            1 AS complaints
        FROM referrals_complaint c
        CROSS JOIN LATERAL (
            SELECT o.provider_id FROM referrals_referral o
            WHERE o.need_id = c.need_id AND o.answered_at IS NOT NULL
                AND o.status NOT IN ('declined', 'not_chosen', 'withdrawn')
            ORDER BY o.answered_at DESC, o.id DESC LIMIT 1) r
        WHERE c.about = 'provider'
        """,
        "c.created_at",
    ),
    Source(
        "deliveries",
        ("deliveries", "cost_fen", "guide_fen"),
        """
        SELECT t.provider_id, '' AS mix, d.delivered_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS at,
            'contract' AS kind, t.id AS record, 1 AS deliveries,
            (d.unit_price * d.units * 100)::bigint AS cost_fen, (i.price_high * d.units * 100)::bigint AS guide_fen
        FROM contracts_delivery d JOIN contracts_contractline l ON l.id = d.line_id
        JOIN contracts_contract t ON t.id = l.contract_id JOIN catalog_item i ON i.id = l.item_id
        WHERE true
        """,
        "d.delivered_on",
    ),
    Source(
        "samples",
        ("found", "claimed"),
        """
        SELECT t.provider_id, '' AS mix, n.created_at AS at, 'invoice' AS kind, n.id AS record,
            s.found, d.units AS claimed
        FROM contracts_sample s JOIN contracts_delivery d ON d.id = s.delivery_id
        JOIN contracts_invoice n ON n.id = s.invoice_id JOIN contracts_contract t ON t.id = n.contract_id
        WHERE s.finding <> ''
        """,
        "n.created_at",
    ),
)


def narrowed(source: Source, providers: bool = False) -> str:
    """The rows of a period, from ``%(first)s`` to before ``%(after)s``, optionally of ``%(providers)s`` only.

    The table of deliveries has days, not moments.
    """
    kind = "::date" if source.when == "d.delivered_on" else ""
    first = f"(%(first)s::timestamptz AT TIME ZONE 'Asia/Shanghai'){kind}" if kind else "%(first)s"
    after = f"(%(after)s::timestamptz AT TIME ZONE 'Asia/Shanghai'){kind}" if kind else "%(after)s"
    whose = "" if not providers else _whose(source)
    return f"{source.rows} AND {source.when} >= {first} AND {source.when} < {after}{whose}"


def _whose(source: Source) -> str:
    table = "t" if source.name in ("deliveries", "samples") else "r"
    return f" AND {table}.provider_id = ANY(%(providers)s)"
