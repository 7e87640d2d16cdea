"""Rank the offers for a need in one query, and explain the order in words.

The database scores every offer that serves the town and fits the kind of need. Offers that are not eligible
are returned too, with the reasons, and so are the newest of those that do not serve the town. An offer of an
earlier edition counts while its contract runs, since the contract keeps its edition. The item's conditions
are checked against what is known of the household.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from catalog.editions.states import BINDING, EditionStatus
from catalog.items import eligibility
from catalog.items.kinds import Disability, Residence
from catalog.offers.states import OfferStatus
from contracts.contracts.states import TAKING_WORK, ContractStatus
from foundation import moments
from foundation.lifecycle.phases import SERVING
from foundation.rules import reading
from households.register.models import Disability as Certificate
from households.register.models import Person
from organizations.providers.states import Standing
from referrals.matching.candidates import Candidate, Part
from referrals.needs.models import Need
from referrals.offers.ask import weekly_of

__all__ = ["Candidate", "Part", "Ranking", "facts_of", "rank", "supply"]


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


_SQL = sql.SQL("""
WITH offered AS (({here}) UNION ALL ({elsewhere})), candidate AS (
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
           pace.hours
    FROM offered o
    JOIN organizations_provider p ON p.id = o.provider_id
    JOIN organizations_organization g ON g.id = p.organization_id
    LEFT JOIN organizations_place home ON home.id = g.place_id
    LEFT JOIN LATERAL (
        SELECT cl.id, cl.unit_price, cl.quota - cl.reserved - cl.used AS units_left
        FROM contracts_contractline cl
        JOIN contracts_contract c ON c.id = cl.contract_id
        JOIN catalog_item ci ON ci.id = cl.item_id
        WHERE c.provider_id = p.id AND ci.code = o.code AND c.status = ANY(%(taking)s)
              AND %(today)s BETWEEN c.start_on AND c.end_on
              AND coalesce(cl.start_on, c.start_on) <= %(today)s
              AND coalesce(cl.end_on, c.end_on) >= %(today)s
        ORDER BY (cl.quota - cl.reserved - cl.used) DESC, cl.id
        LIMIT 1) l ON true
    LEFT JOIN LATERAL (
        SELECT avg(extract(epoch FROM recent.answered_at - recent.offered_at) / 3600) AS hours
        FROM (SELECT answered_at, offered_at FROM referrals_referral r
              WHERE r.provider_id = p.id AND r.answered_at IS NOT NULL
              ORDER BY r.answered_at DESC LIMIT 20) recent) pace ON true
    WHERE o.of_edition = ANY(%(in_force)s) OR l.id IS NOT NULL OR o.status <> %(agreed)s
), judged AS (
    SELECT *,
        standing = ANY(%(admitted)s) AS admitted,
        coalesce(accredited_until >= %(today)s, false) AS valid,
        free > 0 AS has_place,
        week_left >= %(weekly)s AS has_week,
        (stock IS NULL OR stock >= %(units)s) AS has_stock,
        (funding <> 'purchased' OR line_id IS NOT NULL) AS has_line,
        (funding <> 'purchased' OR coalesce(units_left, 0) >= %(units)s) AS has_quota,
        (standing_of_offer = %(agreed)s OR line_id IS NOT NULL) AS agreed,
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
SELECT *, p_distance + p_answer + p_score + p_places + p_fairness AS total
FROM scored
ORDER BY fit DESC, total DESC, offer_id
""").format(here=_HERE, elsewhere=_ELSEWHERE)


@dataclass(frozen=True)
class Ranking:
    """Eligible candidates, best first, the others apart, and the version of the weights."""

    candidates: tuple[Candidate, ...]
    excluded: tuple[Candidate, ...]
    rule_version: int

    def find(self, offer_id: int) -> Candidate | None:
        """The candidate of an offer, eligible or not."""
        return next((c for c in (*self.candidates, *self.excluded) if c.offer_id == offer_id), None)

    def without(self, provider_id: int) -> Ranking:
        """The ranking without one provider: the present one is not asked to take over from itself."""
        return Ranking(
            tuple(candidate for candidate in self.candidates if candidate.provider_id != provider_id),
            self.excluded,
            self.rule_version,
        )

    @property
    def by_provider(self) -> tuple[Candidate, ...]:
        """The best candidate of each provider, best first."""
        firsts: dict[int, Candidate] = {}
        for candidate in self.candidates:
            firsts.setdefault(candidate.provider_id, candidate)
        return tuple(firsts.values())

    @property
    def best(self) -> tuple[Candidate, ...]:
        """The best candidate of each of the three best providers."""
        return self.by_provider[:3]

    @property
    def cards(self) -> list[tuple[Candidate, tuple[str, ...]]]:
        """The three best, each with its advantages over the other two."""
        best = self.best
        return [
            (candidate, candidate.ahead_of([c for c in best if c is not candidate])) for candidate in best
        ]

    @property
    def more(self) -> tuple[Candidate, ...]:
        """Every other candidate, best first."""
        best = {candidate.offer_id for candidate in self.best}
        return tuple(candidate for candidate in self.candidates if candidate.offer_id not in best)

    def position(self, offer_id: int) -> int:
        """The position of a candidate, 1 for the first."""
        return next(n for n, c in enumerate(self.candidates, 1) if c.offer_id == offer_id)


#: The rules that a ranking depends on.
WEIGHTS, SCALES, STALE = "matching.weights", "matching.scales", "capacity.stale"


def rank(need: Need, *, units: int = 1, weekly: int | None = None) -> Ranking:
    """Rank every offer for a need of ``units``, ``weekly`` of them a week (units of the item; a quarter of
    all where nothing is given).
    """
    rules = reading.several(WEIGHTS, SCALES, STALE)
    rows = supply(need, units=units, weekly=weekly or weekly_of(units), rules=rules)
    found = _judged(rows, facts_of(need), rules[WEIGHTS].value, rules[STALE].value["days"])
    return Ranking(
        candidates=tuple(c for c in found if c.eligible),
        excluded=tuple(c for c in found if not c.eligible),
        rule_version=rules[WEIGHTS].version,
    )


def supply(
    need: Need, *, units: int, weekly: int, rules: dict[str, reading.Rule] | None = None
) -> list[dict[str, Any]]:
    """The scored offers for a need, best first, as rows of the query.

    They depend only on the town, the kind, the language and the sex of staff: whoever matches many needs
    reads them once for each such group.
    """
    rules = rules or reading.several(WEIGHTS, SCALES)
    scales, weights = rules[SCALES].value, rules[WEIGHTS].value
    town, household = need.town, need.matter.household
    given = {
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
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _states() -> dict[str, Any]:
    """The states that the query asks for, by the names of its parameters."""
    return {
        "binding": list(EditionStatus.with_trait(BINDING)),
        "in_force": list(EditionStatus.in_phase(SERVING)),
        "offered": list(OfferStatus.in_phase(SERVING)),
        "agreed": OfferStatus.ACCEPTED,
        "taking": list(ContractStatus.in_phase(TAKING_WORK)),
        "admitted": list(Standing.in_phase(SERVING)),
    }


def _judged(
    rows: list[dict[str, Any]], facts: eligibility.Facts, weights: dict[str, float], stale: int
) -> list[Candidate]:
    """Each row as a candidate; an item's conditions are checked once for all its offers."""
    verdicts: dict[int, eligibility.Verdict] = {}
    found = []
    for row in rows:
        item = row["item_id"]
        if item not in verdicts:
            verdicts[item] = eligibility.judge(eligibility.as_fields(row), facts)
        found.append(Candidate(row, weights, verdicts[item], stale))
    return found


def facts_of(need: Need) -> eligibility.Facts:
    """What is known, for the conditions of items: of the person whose need it is, otherwise of everybody in
    the household.
    """
    household = need.matter.household
    people = (
        [need.person]
        if need.person
        else [home.person for home in household.members.filter(valid_to=None).select_related("person")]
    )
    ages = tuple(age for age in (person.age() for person in people) if age is not None)
    whole = len(ages) >= (1 if need.person else household.size)
    return eligibility.Facts(
        category=household.category,
        ages=ages,
        everybody=whole,
        monthly_income=household.monthly_income,
        standard=eligibility.standard(),
        disability=_gravest(people, whole),
        # A household that a window of the city serves lives in the city.
        residence=household.registration or Residence.RESIDENT,
    )


def _gravest(people: Iterable[Person], whole: bool) -> str | None:
    """The gravest certificate; None unless everybody was asked about it."""
    said = {person.disability for person in people}
    if Certificate.SEVERE in said:
        return Disability.SEVERE
    if Certificate.CERTIFIED in said:
        return Disability.CERTIFIED
    return "" if whole and said == {Certificate.NONE} else None
