"""Score the offers for a need in one query.

The database scores every offer that serves the town and fits the kind of need, and the newest of those that
do not serve the town, or of those among them that have the text in their names which a page looks for. An offer
of an earlier edition counts while its contract runs, since the contract keeps its edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from catalog.editions.states import BINDING, EditionStatus
from catalog.offers.states import TAKING_REFERRALS, OfferStatus
from contracts.contracts.states import TAKING_WORK, ContractStatus
from foundation import moments
from foundation.lifecycle.phases import DROPPED, SERVING
from foundation.rules import reading
from organizations.listings.states import ListingStatus
from organizations.providers.states import Standing
from referrals.needs.models import Need

#: The rules that a score depends on.
WEIGHTS, SCALES = "matching.weights", "matching.scales"


#: How many offers are shown that do not serve the town.
ELSEWHERE = 20


#: The items for a need of the kind in the editions that bind.
_ITEMS = sql.SQL("""
    SELECT i.id, i.code, i.name, i.funding, e.status = ANY(%(in_force)s) AS in_force,
           (i.places = '{}' OR %(town_code)s = ANY(i.places)) AS here
    FROM catalog_item i
    JOIN catalog_edition e ON e.id = i.edition_id AND e.status = ANY(%(binding)s)
    WHERE i.need_kind = %(kind)s
""")


#: How far each place is from the town: reckoned once for all the providers in it. Without a position of either there
#: is no distance, and no points for it.
_PLACES = sql.SQL("""
    SELECT id, 6371 * 2 * asin(sqrt(
               power(sin(radians(latitude - %(latitude)s::float) / 2), 2)
               + cos(radians(%(latitude)s::float)) * cos(radians(latitude))
               * power(sin(radians(longitude - %(longitude)s::float) / 2), 2))) AS km
    FROM organizations_place
""")


_OFFERS = sql.SQL("""
    SELECT o.*, {covers} AS covers
    FROM catalog_offer o {joined}
    WHERE o.item_id = ANY(ARRAY(SELECT id FROM item)) AND o.status = ANY(%(offered)s) {only}
""")


_HERE = _OFFERS.format(
    covers=sql.SQL("true"),
    joined=sql.SQL(
        "JOIN organizations_provider_serves s ON s.provider_id = o.provider_id AND s.place_id = %(town)s"
    ),
    only=sql.SQL(""),
)


#: Whether the text that is looked for is in the names of a row.
_NAMED = sql.SQL("strpos(lower(concat_ws(' ', provider_name, code, item_name)), lower(%(named)s)) > 0")


_ELSEWHERE = _OFFERS.format(
    covers=sql.SQL("false"),
    joined=sql.SQL(""),
    only=sql.SQL("""
        AND NOT EXISTS (SELECT 1 FROM organizations_provider_serves s
                        WHERE s.provider_id = o.provider_id AND s.place_id = %(town)s)
        AND (%(named)s = '' OR EXISTS (
            SELECT 1
            FROM (SELECT g.name AS provider_name, item.code, item.name AS item_name
                  FROM organizations_provider p
                  JOIN organizations_organization g ON g.id = p.organization_id
                  JOIN item ON item.id = o.item_id
                  WHERE p.id = o.provider_id) names
            WHERE {named}))
        ORDER BY o.id DESC LIMIT %(elsewhere)s
    """).format(named=_NAMED),
)


#: The line of a running contract with the most units left, of each provider and code.
_LINES = sql.SQL("""
    SELECT DISTINCT ON (c.provider_id, ci.code) c.provider_id, ci.code,
           cl.id, cl.unit_price, cl.quota - cl.reserved - cl.used AS units_left
    FROM contracts_contractline cl
    JOIN catalog_item ci ON ci.id = cl.item_id
    JOIN contracts_contract c ON c.id = cl.contract_id
    WHERE cl.item_id = ANY(ARRAY(SELECT id FROM catalog_item WHERE code IN (SELECT code FROM item)))
          AND c.status = ANY(%(taking)s) AND %(today)s BETWEEN c.start_on AND c.end_on
          AND coalesce(cl.start_on, c.start_on) <= %(today)s
          AND coalesce(cl.end_on, c.end_on) >= %(today)s
    ORDER BY c.provider_id, ci.code, cl.quota - cl.reserved - cl.used DESC, cl.id
""")


#: The organizations that stand today on a list of the registration authority, each with the graver one.
_LISTED = sql.SQL("""
    SELECT credit_code, max(kind) AS kind
    FROM organizations_listing
    WHERE status <> ALL(%(not_listed)s) AND listed_on <= %(today)s
          AND (removed_on IS NULL OR removed_on > %(today)s)
    GROUP BY credit_code
""")


#: Only what the score and the judgement need: there are thousands of these rows, and a page shows few.
_SCORED = sql.SQL("""
WITH item AS MATERIALIZED ({items}), home AS MATERIALIZED ({places}),
offered AS ({offers}), line AS ({lines}), listed AS ({listed}), candidate AS MATERIALIZED (
    SELECT o.id AS offer_id, o.provider_id, g.name AS provider_name, o.item_id,
           item.code, item.name AS item_name, item.funding, o.covers, item.here,
           o.status AS standing_of_offer, o.places - o.taken AS free, o.taken, o.places_at,
           o.weekly - o.booked AS week_left, o.stock,
           %(language)s = ANY(o.speaks) AS understands,
           (%(sex)s = '' OR %(sex)s = ANY(o.sexes)) AS staffed,
           p.status AS standing, p.accredited_until, listed.kind AS listed, p.last_score::float AS score, p.match_bonus::float,
           l.id AS line_id, l.unit_price, l.units_left, home.km, p.answer_hours AS hours
    FROM offered o
    JOIN item ON item.id = o.item_id
    JOIN organizations_provider p ON p.id = o.provider_id
    JOIN organizations_organization g ON g.id = p.organization_id
    LEFT JOIN home ON home.id = g.place_id
    LEFT JOIN listed ON listed.credit_code = g.credit_code
    LEFT JOIN line l ON l.provider_id = o.provider_id AND l.code = item.code
    WHERE item.in_force OR l.id IS NOT NULL OR o.status <> ALL(%(agreed)s)
), judged AS (
    SELECT *,
        standing = ANY(%(admitted)s) AS admitted,
        coalesce(accredited_until >= %(today)s, false) AS valid,
        listed IS NULL AS unlisted,
        free > 0 AS has_place,
        week_left >= %(weekly)s AS has_week,
        (stock IS NULL OR stock >= %(units)s) AS has_stock,
        (funding <> 'purchased' OR line_id IS NOT NULL) AS has_line,
        (funding <> 'purchased' OR coalesce(units_left, 0) >= %(units)s) AS has_quota,
        (standing_of_offer = ANY(%(agreed)s) OR line_id IS NOT NULL) AS agreed,
        least(1, coalesce(score, %(new_score)s) / 100 + match_bonus) AS quality,
        %(w_distance)s::float * greatest(0, 1 - coalesce(km / %(far)s::float, 1)) AS p_distance,
        %(w_answer)s::float * greatest(0, 1 - coalesce(hours / %(slow)s::float, 0.5)) AS p_answer,
        %(w_places)s::float * least(1, greatest(free, 0) / %(many)s::float) AS p_places
    FROM candidate
), scored AS NOT MATERIALIZED (
    SELECT *,
        (admitted AND valid AND unlisted AND covers AND here AND has_place AND has_week AND has_stock
         AND has_line AND has_quota AND agreed AND understands AND staffed) AS fit,
        %(w_score)s::float * quality AS p_score,
        -- A good provider that serves few gets its share; a bad one does not gain by it.
        %(w_fairness)s::float * quality / (1 + taken / 5::float) AS p_fairness
    FROM judged
)
""")


_TOTAL = sql.SQL("p_distance + p_answer + p_score + p_places + p_fairness AS total")


#: What is shown of an offer besides, and the conditions of its item.
_SHOWN = sql.SQL("""
    i.unit, i.unit_en, i.name_en, i.categories, i.age_from, i.age_to, i.disability, i.income_percent, i.residence,
    p.standing_reason, p.last_score, p.last_grade,
    %(language)s AS wanted_language, %(sex)s AS wanted_sex
""")


_JOINED = sql.SQL("""
    JOIN catalog_item i ON i.id = scored.item_id
    JOIN organizations_provider p ON p.id = scored.provider_id
""")


_ALL = sql.SQL("""
{scored} SELECT scored.*, {total}, {shown} FROM scored {joined}
ORDER BY fit DESC, total DESC, offer_id
""")


_PLACED = sql.SQL("""
{scored}, known AS (
    SELECT offer_id, {total}, fit AND item_id = ANY(%(suitable)s) AS eligible
    FROM scored
    WHERE provider_id IS DISTINCT FROM %(but)s AND (%(named)s = '' OR {named})
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY eligible ORDER BY total DESC, offer_id) AS place,
           count(*) OVER (PARTITION BY eligible) AS of_all
    FROM known
)
SELECT scored.*, placed.total, placed.eligible, placed.place, placed.of_all, {shown}
FROM placed JOIN scored USING (offer_id) {joined}
WHERE place > %(behind)s AND place <= %(behind)s + %(most)s OR place = 1 OR offer_id = %(kept)s
ORDER BY eligible DESC, place
""")


def _of(statement: sql.SQL, offers: sql.Composable) -> str:
    """A statement about these offers."""
    scored = _SCORED.format(items=_ITEMS, places=_PLACES, offers=offers, lines=_LINES, listed=_LISTED)
    parts = {"scored": scored, "total": _TOTAL, "named": _NAMED, "shown": _SHOWN, "joined": _JOINED}
    return statement.format(**parts).as_string()


#: The offers of the town, and some of those elsewhere.
_EVERYWHERE = sql.SQL("({here}) UNION ALL ({elsewhere})").format(here=_HERE, elsewhere=_ELSEWHERE)

#: What does not serve the town is placed only where a name is looked for.
SCORED, PLACED_HERE, PLACED_NAMED = _of(_ALL, _EVERYWHERE), _of(_PLACED, _HERE), _of(_PLACED, _EVERYWHERE)


@dataclass(frozen=True)
class Slice:
    """Which candidates are asked for: ``most`` of each sort (eligible or not) ``behind`` the first so many.

    ``named`` is a part of the name of the provider or item; ``but`` is a provider that is left out, and
    ``kept`` an offer that is always among them.
    """

    most: int
    behind: int = 0
    named: str = ""
    but: int | None = None
    kept: int | None = None


def supply(
    need: Need, *, units: int, weekly: int, rules: dict[str, reading.Rule] | None = None
) -> list[dict[str, Any]]:
    """The scored offers for a need, best first, as rows of the query.

    They depend only on the town, the kind, the language and the sex of staff: whoever matches many needs
    reads them once for each such group.
    """
    return _rows(SCORED, _given(need, units, weekly, rules or reading.several(WEIGHTS, SCALES)))


def placed(
    need: Need, *, units: int, weekly: int, rules: dict[str, reading.Rule], suitable: list[int], asked: Slice
) -> list[dict[str, Any]]:
    """Some of the scored offers, each with its ``place`` among those that are ``eligible`` or among the others,
    and how many there are ``of_all``; the first of each sort is always there. ``suitable`` are the items whose conditions the household meets.
    """
    given = _given(need, units, weekly, rules)
    statement = PLACED_NAMED if asked.named else PLACED_HERE
    return _rows(statement, {**given, **vars(asked), "suitable": suitable})


def _rows(statement: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _given(need: Need, units: int, weekly: int, rules: dict[str, reading.Rule]) -> dict[str, Any]:
    """The parameters of the query, by name."""
    scales, weights = rules[SCALES].value, rules[WEIGHTS].value
    town, household = need.town, need.matter.household
    return {
        "town": town.pk,
        "town_code": town.code,
        "latitude": town.latitude,
        "longitude": town.longitude,
        "kind": need.kind,
        "today": moments.today(),
        "units": units,
        "weekly": weekly,
        "language": household.language,
        "sex": need.worker_sex,
        "elsewhere": ELSEWHERE,
        "named": "",
        **_states(),
        "far": float(scales["far_km"]),
        "slow": float(scales["slow_hours"]),
        "many": scales["many_places"],
        "new_score": scales["score_when_new"],
        **{f"w_{name}": float(weight) for name, weight in weights.items()},
    }


def _states() -> dict[str, Any]:
    """The states that the query asks for, by the names of its parameters."""
    return {
        "binding": list(EditionStatus.with_trait(BINDING)),
        "in_force": list(EditionStatus.in_phase(SERVING)),
        "offered": list(OfferStatus.in_phase(SERVING)),
        "agreed": list(TAKING_REFERRALS),
        "taking": list(ContractStatus.in_phase(TAKING_WORK)),
        "admitted": list(Standing.in_phase(SERVING)),
        "not_listed": list(ListingStatus.in_phase(DROPPED)),
    }
