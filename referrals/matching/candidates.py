"""A candidate for a need, with the parts of its score and its reasons in words.

A need may have hundreds of candidates and a page shows three, so words are made only when they are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.items.eligibility import Verdict
from foundation import moments
from foundation.lifecycle.phases import ASKED, SUSPENDED
from foundation.refusals import Words
from foundation.wording import filled, in_each_language, in_the_readers_language, said_when_shown
from households.register.models import Language, Sex
from organizations.listings.kinds import ListKind
from organizations.providers.models import Grade
from organizations.providers.states import Standing


@dataclass(frozen=True)
class Part:
    """One part of a score: ``points`` out of ``most``, and the reason in words."""

    name: Words
    points: float
    most: float
    words: Words

    @property
    def percent(self) -> int:
        """The points as a percentage of ``most``."""
        return round(100 * self.points / self.most) if self.most else 0

    def as_json(self) -> dict[str, Any]:
        """The form in which it is stored with a referral, to explain the choice later in the language of whoever
        asks (``Referral.choice_parts``).
        """
        name, words = in_each_language(self.name.__str__, self.words.__str__)
        return {"name": name, "points": self.points, "most": self.most, "words": words}


class Candidate:
    """One offer for the need. ``why_not`` is empty where it is eligible; ``to_check`` names the item's
    conditions of which nothing is known.

    ``unit_price`` is CNY; ``line_id`` is None for a charity's own project, whose ``stock`` counts units
    (None: no limit). ``week_left`` are the units left in the week.
    """

    def __init__(
        self, row: dict[str, Any], weights: dict[str, float], verdict: Verdict, stale_after: int
    ) -> None:
        self._row, self._weights, self._verdict = row, weights, verdict
        self._stale_after = stale_after
        self.offer_id: int = row["offer_id"]
        self.provider_id: int = row["provider_id"]
        self.provider: str = row["provider_name"]
        self.line_id: int | None = row["line_id"]
        self.total = round(float(row["total"]), 1)
        self.free: int = row["free"]
        self.units_left: int | None = row["units_left"]
        self.unit_price: Decimal | None = row["unit_price"]
        self.week_left: int = row["week_left"]
        self.stock: int | None = row["stock"]
        self.km: float | None = row["km"]
        self.hours: float | None = row["hours"]

    @property
    def eligible(self) -> bool:
        """Whether there is no reason against it."""
        return self._row["fit"] and self._verdict.eligible

    @property
    def unit(self) -> str:
        """The unit of the item in the reader's language."""
        return in_the_readers_language(self._row["unit"], self._row["unit_en"])

    @property
    def item(self) -> str:
        """Code and name of the item in the reader's language."""
        name = in_the_readers_language(self._row["item_name"], self._row["name_en"])
        return f"{self._row['code']} {name}"

    @property
    def item_id(self) -> int:
        """The item that the offer is for."""
        return self._row["item_id"]

    @property
    def to_check(self) -> tuple[str, ...]:
        """The conditions of which nothing is known."""
        return self._verdict.to_check

    @property
    def grade(self) -> str:
        """The grade of the last evaluation in words."""
        grade = self._row["last_grade"]
        return str(Grade(grade).label) if grade else ""

    @property
    def stale_days(self) -> int:
        """The days since the provider last updated its free places."""
        told: datetime = self._row["places_at"]
        return (moments.now() - told).days

    @property
    def stale(self) -> bool:
        """Whether that number of places is too old to rely on."""
        return self.stale_days > self._stale_after

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The score, part by part."""
        row = self._row
        km = (
            filled(gettext_lazy("距离约 %(km).1f 公里"), km=self.km)
            if self.km is not None
            else gettext_lazy("地点不详")
        )
        hours = (
            filled(gettext_lazy("平均 %(hours).0f 小时内答复"), hours=max(1, self.hours))
            if self.hours is not None
            else gettext_lazy("还没有答复记录")
        )
        score = (
            filled(
                gettext_lazy("最近评估 %(score)s 分（%(grade)s）"),
                score=row["last_score"],
                grade=Grade(row["last_grade"]).label,
            )
            if row["last_score"] is not None and self.grade
            else gettext_lazy("还没有评估")
        )
        places = filled(
            gettext_lazy("空位 %(free)s 个，本周还能服务 %(week)s %(unit)s"),
            free=self.free,
            week=self.week_left,
            unit=said_when_shown(in_the_readers_language, row["unit"], row["unit_en"]),
        )
        fair = filled(gettext_lazy("正在服务 %(taken)s 户，好机构不分大小都有份额"), taken=row["taken"])
        return (
            self._part("distance", gettext_lazy("距离"), km),
            self._part("answer", gettext_lazy("答复速度"), hours),
            self._part("score", gettext_lazy("评估"), score),
            self._part("places", gettext_lazy("空位"), places),
            self._part("fairness", gettext_lazy("均衡"), fair),
        )

    def _part(self, name: str, title: Words, words: Words) -> Part:
        points = round(float(self._row[f"p_{name}"]), 1)
        return Part(title, points, float(self._weights[name]), words)

    @cached_property
    def why_not(self) -> tuple[str, ...]:
        """Every reason against it."""
        if self.eligible:
            return ()
        unmet = (_("不符合：%(what)s") % {"what": reason} for reason in self._verdict.why_not)
        return (*_standing(self._row), *_supply(self._row), *_fit(self._row), *unmet)

    def ahead_of(self, others: list[Candidate]) -> tuple[str, ...]:
        """The advantages over every one of ``others``, in words."""
        if not others:
            return ()
        found = []
        nearest = min((other.km for other in others if other.km is not None), default=None)
        if self.km is not None and nearest is not None and nearest - self.km >= 0.1:
            found.append(_("近 %(km).1f 公里") % {"km": nearest - self.km})
        fastest = min((other.hours for other in others if other.hours is not None), default=None)
        if self.hours is not None and fastest is not None and fastest - self.hours >= 1:
            found.append(_("答复快 %(hours).0f 小时") % {"hours": fastest - self.hours})
        best = max((other._row["last_score"] or 0 for other in others), default=0)
        own = self._row["last_score"] or 0
        if own > best:
            found.append(_("评估高 %(points).1f 分") % {"points": own - best})
        most = max(other.free for other in others)
        if self.free > most:
            found.append(_("多 %(places)s 个空位") % {"places": self.free - most})
        return tuple(found)


def _not_admitted(standing: Standing) -> str:
    """Why a provider in this state takes on no new work."""
    words = {ASKED: _("未准入"), SUSPENDED: _("已暂停承接")}
    return words.get(standing.phase, str(standing.label))


def _standing(row: dict[str, Any]) -> list[str]:
    reasons = []
    if not row["admitted"]:
        why = _not_admitted(Standing(row["standing"]))
        reasons.append(f"{why}：{row['standing_reason']}" if row["standing_reason"] else why)
    elif not row["valid"]:
        reasons.append(_("准入已过期"))
    elif row["listed"]:
        reasons.append(_("在“%(list)s”中") % {"list": ListKind(row["listed"]).label})
    if not row["covers"]:
        reasons.append(_("服务区域不含本镇街"))
    if not row["here"]:
        reasons.append(_("目录没有在本镇街开展这个项目"))
    if not row["agreed"]:
        reasons.append(_("目录已换版，机构还没有续报"))
    return reasons


def _supply(row: dict[str, Any]) -> list[str]:
    reasons = []
    if not row["has_place"]:
        reasons.append(_("没有空位"))
    if not row["has_week"]:
        reasons.append(_("本周服务量已排满（剩 %(left)s）") % {"left": row["week_left"]})
    if not row["has_line"]:
        reasons.append(_("没有生效的合同"))
    elif not row["has_quota"]:
        reasons.append(_("合同余量不足（剩 %(left)s）") % {"left": row["units_left"]})
    if not row["has_stock"]:
        reasons.append(_("自有资金或物资不足（剩 %(left)s）") % {"left": row["stock"]})
    return reasons


def _fit(row: dict[str, Any]) -> list[str]:
    reasons = []
    if not row["understands"]:
        wanted = Language(row["wanted_language"]).label
        reasons.append(_("没有会%(language)s的人员") % {"language": wanted})
    if not row["staffed"]:
        reasons.append(_("没有%(sex)s性服务人员") % {"sex": Sex(row["wanted_sex"]).label})
    return reasons
