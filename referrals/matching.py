"""Who could serve a need, in which order, and why — in one query, in words.

The database scores every offer that fits the kind of need; offers that are not
eligible come back too, with the reasons, so that nobody has to guess. An offer of an
earlier edition stays in question while its contract runs, which keeps its edition. The
item's conditions are held against what is known of the household.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from catalog import eligibility
from catalog.kinds import Residence
from foundation import moments
from foundation.rules import reading
from organizations.models.provider import Grade
from referrals.models import Need

_SQL = """
WITH candidate AS (
    SELECT o.id AS offer_id, p.id AS provider_id, g.name AS provider_name, i.code, i.name AS item_name,
           i.unit, i.funding, i.categories, i.age_from, i.age_to, i.disability, i.income_percent,
           i.residence, (i.places = '{}' OR %(town_code)s = ANY(i.places)) AS here,
           o.status AS standing_of_offer, o.places - o.taken AS free, o.taken, o.places_at,
           p.status AS standing, p.standing_reason, p.accredited_until,
           p.last_score, p.last_grade, p.match_bonus,
           l.id AS line_id, l.unit_price, l.units_left,
           EXISTS (SELECT 1 FROM organizations_provider_serves s
                   WHERE s.provider_id = p.id AND s.place_id = %(town)s) AS covers,
           6371 * 2 * asin(sqrt(
               power(sin(radians(home.latitude - %(latitude)s) / 2), 2)
               + cos(radians(%(latitude)s)) * cos(radians(home.latitude))
               * power(sin(radians(home.longitude - %(longitude)s) / 2), 2))) AS km,
           pace.hours
    FROM catalog_offer o
    JOIN catalog_item i ON i.id = o.item_id
    JOIN catalog_edition e ON e.id = i.edition_id AND e.status IN ('in_force', 'superseded')
    JOIN organizations_provider p ON p.id = o.provider_id
    JOIN organizations_organization g ON g.id = p.organization_id
    LEFT JOIN organizations_place home ON home.id = g.place_id
    LEFT JOIN LATERAL (
        SELECT cl.id, cl.unit_price, cl.quota - cl.reserved - cl.used AS units_left
        FROM contracts_contractline cl
        JOIN contracts_contract c ON c.id = cl.contract_id
        JOIN catalog_item ci ON ci.id = cl.item_id
        WHERE c.provider_id = p.id AND ci.code = i.code AND c.status = 'in_force'
              AND c.start_on <= %(today)s AND c.end_on >= %(today)s
        ORDER BY (cl.quota - cl.reserved - cl.used) DESC, cl.id
        LIMIT 1) l ON true
    LEFT JOIN LATERAL (
        SELECT avg(extract(epoch FROM recent.answered_at - recent.offered_at) / 3600) AS hours
        FROM (SELECT answered_at, offered_at FROM referrals_referral r
              WHERE r.provider_id = p.id AND r.answered_at IS NOT NULL
              ORDER BY r.answered_at DESC LIMIT 20) recent) pace ON true
    WHERE o.status IN ('accepted', 'to_renew', 'renewed') AND i.need_kind = %(kind)s
      AND (e.status = 'in_force' OR l.id IS NOT NULL OR o.status <> 'accepted')
), judged AS (
    SELECT *,
        standing = 'accredited' AS admitted,
        coalesce(accredited_until >= %(today)s, false) AS valid,
        free > 0 AS has_place,
        (funding <> 'purchased' OR line_id IS NOT NULL) AS has_line,
        (funding <> 'purchased' OR coalesce(units_left, 0) >= %(units)s) AS has_quota,
        (standing_of_offer = 'accepted' OR line_id IS NOT NULL) AS agreed,
        %(w_distance)s * greatest(0, 1 - coalesce(km, %(far)s) / %(far)s) AS p_distance,
        %(w_answer)s * greatest(0, 1 - coalesce(hours, %(slow)s / 2.0) / %(slow)s) AS p_answer,
        %(w_score)s * least(1, coalesce(last_score, %(new_score)s) / 100 + match_bonus) AS p_score,
        %(w_places)s * least(1, greatest(free, 0) / %(many)s::float) AS p_places,
        %(w_fairness)s / (1 + taken / 5.0) AS p_fairness
    FROM candidate
)
SELECT *, p_distance + p_answer + p_score + p_places + p_fairness AS total
FROM judged
ORDER BY (admitted AND valid AND covers AND here AND has_place AND has_line AND has_quota
          AND agreed) DESC,
         total DESC, offer_id
"""


@dataclass(frozen=True)
class Part:
    """One part of a score: points of at most ``most``, and the reason in words."""

    name: str
    points: float
    most: float
    words: str

    @property
    def percent(self) -> int:
        """How much of the possible points was reached."""
        return round(100 * self.points / self.most) if self.most else 0

    def as_json(self) -> dict[str, Any]:
        """What is kept with a referral, to explain the choice later."""
        return {"name": self.name, "points": self.points, "most": self.most, "words": self.words}


@dataclass(frozen=True)
class Candidate:
    """One offer for the need. ``why_not`` is empty where it is eligible; ``to_check``
    names the item's conditions of which nothing is known.

    ``unit_price`` is CNY; ``line_id`` is None for a charity's own project.
    """

    offer_id: int
    provider_id: int
    provider: str
    item: str
    unit: str
    line_id: int | None
    unit_price: Decimal | None
    units_left: int | None
    free: int
    stale_days: int
    grade: str
    km: float | None
    hours: float | None
    total: float
    parts: tuple[Part, ...]
    why_not: tuple[str, ...]
    to_check: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """Candidates best first, those not eligible apart, and the version of the weights."""

    candidates: tuple[Candidate, ...]
    excluded: tuple[Candidate, ...]
    rule_version: int

    def find(self, offer_id: int) -> Candidate | None:
        """The candidate, eligible or not, that an offer stands for."""
        return next((c for c in (*self.candidates, *self.excluded) if c.offer_id == offer_id), None)

    @property
    def best(self) -> tuple[Candidate, ...]:
        """The best offer of each of the three best providers."""
        firsts: dict[int, Candidate] = {}
        for each in self.candidates:
            firsts.setdefault(each.provider_id, each)
        return tuple(firsts.values())[:3]

    @property
    def more(self) -> tuple[Candidate, ...]:
        """Every other candidate, best first."""
        best = {each.offer_id for each in self.best}
        return tuple(each for each in self.candidates if each.offer_id not in best)

    def position(self, offer_id: int) -> int:
        """1 for the first candidate."""
        return next(n for n, c in enumerate(self.candidates, 1) if c.offer_id == offer_id)


def rank(need: Need, *, units: int = 1) -> Ranking:
    """Rank every offer for a need of ``units`` (units of the item)."""
    weights, scales = reading.current("matching.weights"), reading.current("matching.scales")
    town = need.matter.town
    given = {
        "town": town.pk,
        "town_code": town.code,
        "latitude": town.latitude,
        "longitude": town.longitude,
        "kind": need.kind,
        "today": moments.today(),
        "units": units,
        "far": float(scales.value["far_km"]),
        "slow": float(scales.value["slow_hours"]),
        "many": scales.value["many_places"],
        "new_score": scales.value["score_when_new"],
        **{f"w_{name}": float(weight) for name, weight in weights.value.items()},
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    facts = facts_of(need)
    found = [_candidate(row, weights.value, facts) for row in rows]
    return Ranking(
        candidates=tuple(c for c in found if not c.why_not),
        excluded=tuple(c for c in found if c.why_not),
        rule_version=weights.version,
    )


def facts_of(need: Need) -> eligibility.Facts:
    """What is known of the household for the conditions of items."""
    household, today = need.matter.household, moments.today()
    births = [
        home.person.birth_date
        for home in household.members.filter(valid_to=None).select_related("person")
        if home.person.birth_date
    ]
    ages = tuple(
        today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        for born in births
    )
    return eligibility.Facts(
        category=household.category,
        ages=ages,
        everybody=len(ages) >= household.size,
        monthly_income=household.monthly_income,
        standard=eligibility.standard(),
        # Whoever a window of the city serves lives in it; registration is checked there.
        residence=Residence.RESIDENT,
    )


def _candidate(
    row: dict[str, Any], weights: dict[str, float], facts: eligibility.Facts
) -> Candidate:
    def part(name: str, title: str, words: str) -> Part:
        return Part(title, round(float(row[f"p_{name}"]), 1), float(weights[name]), words)

    km = _("距离约 %(km).1f 公里") % {"km": row["km"]} if row["km"] is not None else _("地点不详")
    hours = (
        _("平均 %(hours).0f 小时内答复") % {"hours": max(1, row["hours"])}
        if row["hours"] is not None
        else _("还没有答复记录")
    )
    score = (
        _("最近评估 %(score)s 分(%(grade)s)")
        % {"score": row["last_score"], "grade": Grade(row["last_grade"]).label}
        if row["last_score"] is not None and row["last_grade"]
        else _("还没有评估")
    )
    parts = (
        part("distance", _("距离"), km),
        part("answer", _("答复速度"), hours),
        part("score", _("评估"), score),
        part("places", _("空位"), _("空位 %(free)s 个") % {"free": row["free"]}),
        part("fairness", _("均衡"), _("正在服务 %(taken)s 户") % {"taken": row["taken"]}),
    )
    verdict = eligibility.judge(eligibility.as_fields(row), facts)
    return Candidate(
        offer_id=row["offer_id"],
        provider_id=row["provider_id"],
        provider=row["provider_name"],
        item=f"{row['code']} {row['item_name']}",
        unit=row["unit"],
        line_id=row["line_id"],
        unit_price=row["unit_price"],
        units_left=row["units_left"],
        free=row["free"],
        stale_days=(moments.now() - row["places_at"]).days,
        grade=str(Grade(row["last_grade"]).label) if row["last_grade"] else "",
        km=row["km"],
        hours=row["hours"],
        total=round(float(row["total"]), 1),
        parts=parts,
        why_not=(*_why_not(row), *(_("不符合:%(what)s") % {"what": w} for w in verdict.why_not)),
        to_check=verdict.to_check,
    )


def _why_not(row: dict[str, Any]) -> tuple[str, ...]:
    standing = {"suspended": _("已暂停承接"), "exited": _("已退出")}
    reasons = []
    if not row["admitted"]:
        why = standing.get(row["standing"], _("未准入"))
        reasons.append(f"{why}:{row['standing_reason']}" if row["standing_reason"] else why)
    elif not row["valid"]:
        reasons.append(_("准入已过期"))
    if not row["covers"]:
        reasons.append(_("服务区域不含本镇街"))
    if not row["here"]:
        reasons.append(_("目录没有在本镇街开展这个项目"))
    if not row["agreed"]:
        reasons.append(_("目录已换版,机构还没有续报"))
    if not row["has_place"]:
        reasons.append(_("没有空位"))
    if not row["has_line"]:
        reasons.append(_("没有生效的合同"))
    elif not row["has_quota"]:
        reasons.append(_("合同余量不足(剩 %(left)s)") % {"left": row["units_left"]})
    return tuple(reasons)
