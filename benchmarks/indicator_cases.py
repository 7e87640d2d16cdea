"""Automatic indicators of 5,000 providers over 3,000,000 referrals; a scheme simulated over 500 providers."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO

import numpy as np
from django.core.management import call_command
from django.db import connection

from benchmarks.measuring import Pair, Row, bare
from evaluations.indicators import tallies
from evaluations.indicators.measures import MEASURES, figure_of
from evaluations.indicators.models import TallySpan
from evaluations.schemes import defaults
from evaluations.simulations import simulating
from foundation import moments
from referrals.offers.models import Referral

SIZES = {"small": (100, 30_000), "full": (5_000, 3_000_000)}

#: SQL: rows written without the actions, their events spread over the 365 days before today; keys begin far
#: above the starter's.
FILL = (
    """
    INSERT INTO organizations_organization
    SELECT (jsonb_populate_record(o, jsonb_build_object(
        'id', 1000000 + n, 'code', 'bench-' || n, 'name', '试点' || n, 'credit_code', NULL))).*
    FROM organizations_organization o, generate_series(1, %(providers)s) n WHERE o.id = %(organization)s
    """,
    """
    INSERT INTO organizations_provider
    SELECT (jsonb_populate_record(p, jsonb_build_object('id', 1000000 + n, 'organization_id', 1000000 + n))).*
    FROM organizations_provider p, generate_series(1, %(providers)s) n WHERE p.id = %(provider)s
    """,
    """
    INSERT INTO contracts_contract
    SELECT (jsonb_populate_record(c, jsonb_build_object(
        'id', 1000000 + n, 'number', 'B' || n, 'provider_id', 1000000 + n))).*
    FROM contracts_contract c, generate_series(1, %(providers)s) n WHERE c.id = %(contract)s
    """,
    """
    INSERT INTO contracts_contractline
    SELECT (jsonb_populate_record(l, jsonb_build_object('id', 1000000 + n, 'contract_id', 1000000 + n))).*
    FROM contracts_contractline l, generate_series(1, %(providers)s) n WHERE l.id = %(line)s
    """,
    """
    INSERT INTO referrals_referral (id, created_at, number, need_id, offer_id, provider_id, line_id, town_id,
        size, urgent, units, weekly, used, case_mix, ended_by, goal, choice, plan_text, review_text, outcome,
        goal_level, offered_at, answered_at, finished_at, status)
    SELECT 10000000 + n, at, 'B' || n, 10000000 + n, %(offer)s, 1000001 + n %% %(providers)s,
        1000001 + n %% %(providers)s, %(town)s, 1 + n %% 5, urgent, 4, 1, used,
        (ARRAY['care', 'counselling', 'inclusion', 'rehabilitation'])[1 + (n / %(providers)s) %% 4]
            || '-' || (1 + n %% 3) || CASE WHEN urgent THEN '-u' ELSE '-n' END,
        CASE WHEN way BETWEEN 0.93 AND 0.95 THEN 'coordinator' ELSE '' END,
        ''::bytea, '{}', ''::bytea, ''::bytea, ''::bytea,
        CASE WHEN way < 0.85 THEN 1 + floor(random() * 5) END,
        at, CASE WHEN way < 0.97 THEN at + interval '5 hours' + random() * interval '40 hours' END,
        CASE WHEN way < 0.95 AND at < now() - interval '25 days' THEN at + interval '20 days' END,
        CASE WHEN way < 0.85 THEN 'closed' WHEN way < 0.93 THEN 'in_service' WHEN way < 0.95 THEN 'ended_early'
            WHEN way < 0.97 THEN 'declined' ELSE 'timed_out' END
    FROM (SELECT n, now() - random() * interval '364 days' AS at, random() AS way, random() < 0.06 AS urgent,
            1 + floor(random() * 4)::int AS used
        FROM generate_series(1, %(referrals)s) n) drawn
    """,
    """
    INSERT INTO foundation_clock (lifecycle, object_id, state, rule_key, rule_version, basis, started_at, due_at,
        provisional, stopped_at, pause_cause, lost, escalated)
    SELECT 'referrals.Referral', id, 'accepted', 'referral.first_contact', 0, 'S28', answered_at,
        answered_at + interval '5 days', false, answered_at + random() * interval '6 days', '', 0, 0
    FROM referrals_referral WHERE id > 10000000 AND answered_at IS NOT NULL AND status <> 'declined'
    """,
    """
    INSERT INTO foundation_clock (lifecycle, object_id, state, rule_key, rule_version, basis, started_at, due_at,
        provisional, stopped_at, pause_cause, lost, escalated)
    SELECT 'referrals.Referral', id, 'offered', 'referral.answer', 0, 'S16', offered_at,
        offered_at + interval '2 days', false, offered_at + interval '2 days', '', 0, 0
    FROM referrals_referral WHERE id > 10000000 AND status = 'timed_out'
    """,
    """
    INSERT INTO referrals_visit (referral_id, "on", venue, units, words, confirmed, confirmation, worker_name,
        recorded_at)
    SELECT id, (finished_at - half * interval '5 days')::date, 'home', 2, ''::bytea, random() < 0.9, 'code', '',
        finished_at - half * interval '5 days' + random() * interval '3 days'
    FROM referrals_referral, generate_series(1, 2) half WHERE id > 10000000 AND finished_at IS NOT NULL
    """,
    """
    INSERT INTO contracts_delivery (line_id, holder, units, unit_price, struck, delivered_on)
    SELECT line_id, number, 2, 40, 0, (finished_at - half * interval '5 days')::date
    FROM referrals_referral, generate_series(1, 2) half WHERE id > 10000000 AND finished_at IS NOT NULL
    """,
    """
    INSERT INTO referrals_satisfaction (need_id, score, words, channel, at)
    SELECT need_id, 1 + floor(sqrt(random()) * 5), ''::bytea, 'call', finished_at + interval '3 days'
    FROM referrals_referral WHERE id > 10000000 AND goal_level IS NOT NULL AND finished_at IS NOT NULL AND id %% 3 > 0
    """,
)


def run(scale: str) -> list[Row]:
    """Four rows: the figures, the refresh, the update by a day, and the simulation."""
    providers, referrals = SIZES[scale]
    call_command("migrate", verbosity=0, interactive=False)
    if Referral.objects.count() < referrals:
        call_command("load_starter", stdout=StringIO())
        _fill(providers, referrals)
    last = moments.today() - timedelta(days=1)
    first = last - timedelta(days=tallies.WINDOW - 1)
    statement, given = tallies.summing(), tallies.period(first, last)
    size = f"{providers:,} providers over {referrals:,} referrals"
    pair = Pair(3)
    pair.add(
        f"all automatic indicators of {size} / the bare aggregate SQL",
        lambda: _everything(first, last),
        bare((statement, given)),
        target=2,
    )
    pair.add(
        f"tallies of {size} summed anew and kept / the bare aggregate SQL",
        tallies.rebuild,
        bare((statement, given)),
        target=2,
    )
    pair.add(f"a day of it carried on / summed anew ({size})", _a_day, tallies.rebuild, target=0.05)
    return [*pair.rows, _simulation(500, 1_000 if scale == "full" else 100)]


def _everything(first: object, last: object) -> int:
    """Every measure of every provider, adjusted and shrunk."""
    survey = defaults.survey()
    found = tallies.everybody(first, last)
    return sum(
        figure_of(key, evidence, survey) is not None for evidence in found.values() for key in MEASURES
    )


def _a_day() -> None:
    """Update by yesterday: the span is set back by a day first, as it was the night before."""
    TallySpan.objects.filter(pk=1).update(
        last=moments.today() - timedelta(days=2), first=moments.today() - timedelta(days=1 + tallies.WINDOW)
    )
    assert tallies.roll_forward() == 1


def _fill(providers: int, referrals: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, l.id, c.provider_id, p.organization_id, o.id, o.item_id FROM contracts_contract c "
            "JOIN contracts_contractline l ON l.contract_id = c.id "
            "JOIN organizations_provider p ON p.id = c.provider_id "
            "JOIN catalog_offer o ON o.provider_id = p.id WHERE c.status = 'in_force' ORDER BY c.id, l.id LIMIT 1"
        )
        contract, line, provider, organization, offer, _item = cursor.fetchone()
        cursor.execute("SELECT town_id FROM referrals_referral ORDER BY id LIMIT 1")
        given = {
            "providers": providers,
            "referrals": referrals,
            "contract": contract,
            "line": line,
            "provider": provider,
            "organization": organization,
            "offer": offer,
            "town": cursor.fetchone()[0],
        }
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT setseed(0.2026)")
        for statement in FILL:
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def _simulation(providers: int, resamples: int) -> Row:
    """A scheme of 14 indicators resampled, in seconds, compared with drawing as many random numbers alone."""
    random = np.random.default_rng(2026)
    levels = random.integers(1, 6, (providers, 4, 2)).astype(float)
    nothing = np.zeros(providers)
    indicators = [
        simulating.Indicator(
            7.0,
            random.uniform(0.5, 1, providers),
            random.integers(5, 200, providers).astype(float),
            nothing,
            np.ones(providers),
        )
        for _n in range(11)
    ]
    indicators += [
        simulating.Indicator(7.0, nothing, nothing, nothing, nothing, 1.0, 5.0, levels) for _n in range(3)
    ]
    begin = time.perf_counter()
    simulating.resampled(indicators, resamples, 1)
    ours = (time.perf_counter() - begin) * 1000
    begin = time.perf_counter()
    for _n in range(11):
        random.binomial(100, 0.8, (providers, resamples))
    for _n in range(3):
        random.random((providers, resamples, 4))
        random.random((providers, resamples, 4, 2))
    base = (time.perf_counter() - begin) * 1000
    return {
        "name": f"simulation: {resamples:,} resamples over {providers} providers / its random numbers alone",
        "ours": round(ours, 1),
        "base": round(base, 1),
        "ratio": round(ours / base, 3),
        "target": 5,
        "holds": ours / base <= 5,
    }
