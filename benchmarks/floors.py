"""What the benchmarks compare with: statements written by hand, sent by psycopg without Django."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection

from catalog.offers.states import OfferStatus
from foundation.lifecycle.phases import SERVING
from foundation.sql_lists import quoted_list
from organizations.providers.states import Standing

_held: dict[str, psycopg.Connection[Any]] = {}


def bare() -> psycopg.Connection[Any]:
    """A connection to the database of this process that Django knows nothing of."""
    name = connection.settings_dict["NAME"]
    if name not in _held:
        params = connection.get_connection_params()
        known = {
            key: params[key] for key in ("dbname", "user", "password", "host", "port") if params.get(key)
        }
        _held[name] = psycopg.connect(**known, autocommit=True)
    return _held[name]


def close() -> None:
    """Close the connections."""
    while _held:
        _held.popitem()[1].close()


def keys(statement: str, *given: Any) -> list[Any]:
    """Send the statement and fetch all of its rows; the first column of each."""
    return [row[0] for row in bare().execute(statement, given).fetchall()]


#: SQL: what each list shows of its rows, by primary key in the order shown.
ROWS = {
    "referrals": """
        SELECT r.id, r.number, r.status, r.used, r.units, i.name, i.name_en, g.name, t.name
        FROM referrals_referral r
        JOIN catalog_offer o ON o.id = r.offer_id JOIN catalog_item i ON i.id = o.item_id
        JOIN organizations_provider p ON p.id = r.provider_id
        JOIN organizations_organization g ON g.id = p.organization_id
        JOIN organizations_place t ON t.id = r.town_id
        WHERE r.id = ANY(%s) ORDER BY r.id DESC
    """,
    "matters": """
        SELECT m.id, m.number, m.status, m.urgent, m.created_at, h.number, t.name,
               (SELECT array_agg(n.kind ORDER BY n.id) FROM referrals_need n WHERE n.matter_id = m.id)
        FROM referrals_matter m
        JOIN households_household h ON h.id = m.household_id JOIN organizations_place t ON t.id = h.place_id
        WHERE m.id = ANY(%s) ORDER BY m.id DESC
    """,
    "households": """
        SELECT h.id, h.number, h.category, h.size, t.name,
               (SELECT p.name FROM households_householdmember m JOIN households_person p ON p.id = m.person_id
                WHERE m.household_id = h.id AND m.valid_to IS NULL ORDER BY m.relation <> 'head', m.id LIMIT 1)
        FROM households_household h JOIN organizations_place t ON t.id = h.place_id
        WHERE h.id = ANY(%s) ORDER BY h.id DESC
    """,
    "contracts": """
        SELECT c.id, c.number, c.title, g.name, c.start_on, c.end_on, c.amount, c.spent, c.status
        FROM contracts_contract c
        JOIN organizations_provider p ON p.id = c.provider_id
        JOIN organizations_organization g ON g.id = p.organization_id
        WHERE c.id = ANY(%s) ORDER BY c.id DESC
    """,
    "invoices": """
        SELECT v.id, v.number, c.title, g.name, v.payable, v.status
        FROM contracts_invoice v JOIN contracts_contract c ON c.id = v.contract_id
        JOIN organizations_provider p ON p.id = c.provider_id
        JOIN organizations_organization g ON g.id = p.organization_id
        WHERE v.id = ANY(%s) ORDER BY v.id DESC
    """,
    "offers": """
        SELECT o.*, i.code, i.name, i.name_en, i.unit, b.name, g.name
        FROM catalog_offer o JOIN catalog_item i ON i.id = o.item_id
        LEFT JOIN organizations_organization b ON b.id = i.body_id
        JOIN organizations_provider p ON p.id = o.provider_id
        JOIN organizations_organization g ON g.id = p.organization_id
        WHERE o.id = ANY(%s) ORDER BY o.id DESC
    """,
    "providers": """
        SELECT p.*, g.name, g.code, t.name
        FROM organizations_provider p JOIN organizations_organization g ON g.id = p.organization_id
        LEFT JOIN organizations_place t ON t.id = g.place_id
        WHERE p.id = ANY(%s) ORDER BY p.id DESC
    """,
    "items": f"""
        SELECT i.id, i.edition_id, i.code, i.name, i.audience_text, i.standards, i.funding, i.price_low,
               i.price_high, i.unit, i.kind, o.providers, o.free
        FROM catalog_item i CROSS JOIN LATERAL (
            SELECT count(*) AS providers, sum(o.places - o.taken) AS free
            FROM catalog_offer o JOIN organizations_provider p ON p.id = o.provider_id
            WHERE o.item_id = i.id AND o.status IN ({quoted_list(OfferStatus.in_phase(SERVING))})
                  AND p.status IN ({quoted_list(Standing.in_phase(SERVING))}) AND p.accredited_until >= current_date
        ) o WHERE i.id = ANY(%s) ORDER BY i.kind DESC, i.code
    """,
    "services": """
        SELECT o.*, i.code, i.name, i.name_en, i.description, i.audience_text, i.unit, i.funding,
               i.funding_source, i.target_groups, i.categories, i.age_from, i.age_to, i.disability,
               i.income_percent, i.residence, i.places, p.status, p.accredited_until, p.nature, g.*, t.name,
               t.latitude, t.longitude
        FROM catalog_offer o JOIN catalog_item i ON i.id = o.item_id
        JOIN organizations_provider p ON p.id = o.provider_id
        JOIN organizations_organization g ON g.id = p.organization_id
        LEFT JOIN organizations_place t ON t.id = g.place_id
        WHERE o.id = ANY(%s) ORDER BY o.id
    """,
    "organizations": """
        SELECT g.*, p.nature, p.status, t.name, t.latitude, t.longitude
        FROM organizations_organization g JOIN organizations_provider p ON p.organization_id = g.id
        LEFT JOIN organizations_place t ON t.id = g.place_id
        WHERE g.id = ANY(%s) ORDER BY p.id
    """,
}

#: SQL: what the search page shows of each kind of object that it finds, with the kind.
SEARCHED = {
    "matters": "SELECT 'matters', m.id, m.number, m.status FROM referrals_matter m WHERE m.id = ANY(%s)",
    "referrals": """
        SELECT 'referrals', r.id, r.number || ' ' || i.name, r.status FROM referrals_referral r
        JOIN catalog_offer o ON o.id = r.offer_id JOIN catalog_item i ON i.id = o.item_id WHERE r.id = ANY(%s)
    """,
    "households": "SELECT 'households', h.id, h.number, h.category FROM households_household h WHERE h.id = ANY(%s)",
    "providers": """
        SELECT 'providers', p.id, g.name, p.status FROM organizations_provider p
        JOIN organizations_organization g ON g.id = p.organization_id WHERE p.id = ANY(%s)
    """,
    "items": "SELECT 'items', i.id, i.code || ' ' || i.name, i.kind FROM catalog_item i WHERE i.id = ANY(%s)",
}


def rows(name: str, wanted: Sequence[int]) -> list[int]:
    """The rows of a list by primary key, in one statement; their keys."""
    return keys(ROWS[name], list(wanted))


def searched(wanted: dict[str, Sequence[int]]) -> dict[str, set[int]]:
    """What the search page shows, by primary key in one statement; the keys by kind."""
    statement = " UNION ALL ".join(f"({SEARCHED[name]})" for name in wanted)
    found: dict[str, set[int]] = {name: set() for name in wanted}
    for name, key, *_shown in bare().execute(statement, [list(some) for some in wanted.values()]).fetchall():
        found[name].add(key)
    return found


#: SQL: the lines of a workbench, by primary key.
WAITING = """
    SELECT w.id, w.name, w.title, w.whose, w.state, w.step, w.link, w.urgent, w.due_at, w.paused, w.period
    FROM foundation_workitem w WHERE w.id = ANY(%s) ORDER BY w.urgent DESC, w.due_at, w.id
"""


def waiting(wanted: Sequence[int]) -> set[int]:
    """The lines of a workbench in one statement; their keys."""
    return set(keys(WAITING, list(wanted)))
