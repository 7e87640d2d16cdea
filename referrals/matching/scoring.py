"""Score the offers for a need in one query.

The database scores every offer that serves the town and fits the kind of need, and the newest of those that
do not serve the town. An offer of an earlier edition counts while its contract runs, since the contract keeps
its edition.
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
from foundation.lifecycle.phases import SERVING
from foundation.rules import reading
from organizations.providers.states import Standing
from referrals.needs.models import Need

#: The rules that a score depends on.
WEIGHTS, SCALES = "matching.weights", "matching.scales"


#: How many offers are shown that do not serve the town.
ELSEWHERE = 20


_OFFERS = """
    SELECT o.*, i.id AS the_item, i.code, i.name AS item_name, i.unit, i.funding, i.categories,
           i.age_from, i.age_to, i.disability, i.income_percent, i.residence, i.places AS only_in,
           e.status AS of_edition, {covers} AS covers
    FROM catalog_offer o
    JOIN catalog_item i ON i.id = o.item_id AND i.need_kind = %(kind)s
    JOIN catalog_edition e ON e.id = i.edition_id AND e.status = ANY(%(binding)s)
    {joined}
    WHERE o.status = ANY(%(offered)s) {only}
"""


_HERE = sql.SQL(_OFFERS).format(
    covers=sql.SQL("true"),
    joined=sql.SQL(
        "JOIN organizations_provider_serves s ON s.provider_id = o.provider_id AND s.place_id = %(town)s"
    ),
    only=sql.SQL(""),
)


_ELSEWHERE = sql.SQL(_OFFERS).format(
    covers=sql.SQL("false"),
    joined=sql.SQL(""),
    only=sql.SQL(
        "AND NOT EXISTS (SELECT 1 FROM organizations_provider_serves s"
        " WHERE s.provider_id = o.provider_id AND s.place_id = %(town)s)"
        " ORDER BY o.id DESC LIMIT %(elsewhere)s"
    ),
)


_SCORED = sql.SQL("""
WITH offered AS (({here}) UNION ALL ({elsewhere})), line AS (
    SELECT DISTINCT ON (c.provider_id, ci.code) c.provider_id, ci.code,
           cl.id, cl.unit_price, cl.quota - cl.reserved - cl.used AS units_left
    FROM catalog_item ci
    JOIN contracts_contractline cl ON cl.item_id = ci.id
    JOIN contracts_contract c ON c.id = cl.contract_id
    WHERE ci.code IN (SELECT code FROM offered) AND c.status = ANY(%(taking)s)
          AND %(today)s BETWEEN c.start_on AND c.end_on
          AND coalesce(cl.start_on, c.start_on) <= %(today)s
          AND coalesce(cl.end_on, c.end_on) >= %(today)s
    ORDER BY c.provider_id, ci.code, cl.quota - cl.reserved - cl.used DESC, cl.id
), candidate AS (
    SELECT o.id AS offer_id, p.id AS provider_id, g.name AS provider_name, o.the_item AS item_id,
           o.code, o.item_name, o.unit, o.funding, o.categories, o.age_from, o.age_to, o.disability,
           o.income_percent, o.residence, o.covers,
           (o.only_in = '{{}}' OR %(town_code)s = ANY(o.only_in)) AS here,
           o.status AS standing_of_offer, o.places - o.taken AS free, o.taken, o.places_at,
           o.weekly - o.booked AS week_left, o.stock,
           %(language)s AS wanted_language, %(sex)s AS wanted_sex,
           %(language)s = ANY(o.speaks) AS understands,
           (%(sex)s = '' OR %(sex)s = ANY(o.sexes)) AS staffed,
           p.status AS standing, p.standing_reason, p.accredited_until,
           p.last_score, p.last_grade, p.match_bonus,
           l.id AS line_id, l.unit_price, l.units_left,
           6371 * 2 * asin(sqrt(
               power(sin(radians(home.latitude - %(latitude)s) / 2), 2)
               + cos(radians(%(latitude)s)) * cos(radians(home.latitude))
               * power(sin(radians(home.longitude - %(longitude)s) / 2), 2))) AS km,
           p.answer_hours AS hours
    FROM offered o
    JOIN organizations_provider p ON p.id = o.provider_id
    JOIN organizations_organization g ON g.id = p.organization_id
    LEFT JOIN organizations_place home ON home.id = g.place_id
    LEFT JOIN line l ON l.provider_id = o.provider_id AND l.code = o.code
    WHERE o.of_edition = ANY(%(in_force)s) OR l.id IS NOT NULL OR o.status <> ALL(%(agreed)s)
), judged AS (
    SELECT *,
        standing = ANY(%(admitted)s) AS admitted,
        coalesce(accredited_until >= %(today)s, false) AS valid,
        free > 0 AS has_place,
        week_left >= %(weekly)s AS has_week,
        (stock IS NULL OR stock >= %(units)s) AS has_stock,
        (funding <> 'purchased' OR line_id IS NOT NULL) AS has_line,
        (funding <> 'purchased' OR coalesce(units_left, 0) >= %(units)s) AS has_quota,
        (standing_of_offer = ANY(%(agreed)s) OR line_id IS NOT NULL) AS agreed,
        least(1, coalesce(last_score, %(new_score)s) / 100 + match_bonus) AS quality,
        %(w_distance)s * greatest(0, 1 - coalesce(km, %(far)s) / %(far)s) AS p_distance,
        %(w_answer)s * greatest(0, 1 - coalesce(hours, %(slow)s / 2.0) / %(slow)s) AS p_answer,
        %(w_places)s * least(1, greatest(free, 0) / %(many)s::float) AS p_places
    FROM candidate
), scored AS (
    SELECT *,
        (admitted AND valid AND covers AND here AND has_place AND has_week AND has_stock
         AND has_line AND has_quota AND agreed AND understands AND staffed) AS fit,
        %(w_score)s * quality AS p_score,
        -- A good provider that serves few gets its share; a bad one does not gain by it.
        %(w_fairness)s * quality / (1 + taken / 5.0) AS p_fairness
    FROM judged
)
""").format(here=_HERE, elsewhere=_ELSEWHERE)


_TOTAL = sql.SQL("p_distance + p_answer + p_score + p_places + p_fairness AS total")


_ALL = sql.SQL("{scored} SELECT *, {total} FROM scored ORDER BY fit DESC, total DESC, offer_id").format(
    scored=_SCORED, total=_TOTAL
)


_PLACED = sql.SQL("""
{scored}, known AS (
    SELECT *, {total}, fit AND item_id = ANY(%(suitable)s) AS eligible
    FROM scored
    WHERE provider_id IS DISTINCT FROM %(but)s
          AND strpos(lower(concat_ws(' ', provider_name, code, item_name)), lower(%(named)s)) > 0
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY eligible ORDER BY total DESC, offer_id) AS place,
           count(*) OVER (PARTITION BY eligible) AS of_all
    FROM known
)
SELECT * FROM placed
WHERE place > %(behind)s AND place <= %(behind)s + %(most)s OR place = 1 OR offer_id = %(kept)s
ORDER BY eligible DESC, place
""").format(scored=_SCORED, total=_TOTAL)


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
    return _rows(_ALL, _given(need, units, weekly, rules or reading.several(WEIGHTS, SCALES)))


def placed(
    need: Need, *, units: int, weekly: int, rules: dict[str, reading.Rule], suitable: list[int], asked: Slice
) -> list[dict[str, Any]]:
    """Some of the scored offers, each with its ``place`` among those that are ``eligible`` or among the others,
    and how many there are ``of_all``; the first of each sort is always there. ``suitable`` are the items whose conditions the household meets.
    """
    given = _given(need, units, weekly, rules)
    return _rows(_PLACED, {**given, **vars(asked), "suitable": suitable})


def _rows(statement: sql.Composed, given: dict[str, Any]) -> list[dict[str, Any]]:
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
    }
