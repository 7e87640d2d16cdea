"""The planned city with its keys and numbers, and its cases as rows for COPY."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from django.db import models

from demo.scale.planning import Plan, Trip
from foundation.deadlines import calendar, clocks
from foundation.lifecycle.phases import ENDED
from foundation.lifecycle.table import Lifecycle
from foundation.moments import SHANGHAI
from foundation.personal_data import keys
from foundation.rules import reading
from referrals.answers.models import Satisfaction
from referrals.matching import case_mix
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus
from referrals.needs.models import Need
from referrals.needs.states import NEED, NeedStatus
from referrals.offers.ask import weekly_of
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL, ReferralStatus
from referrals.service.models import Visit

NAME_OF = {"window": "窗口", "coordinator": "协调员", "social_worker": "社工", "system": ""}


ACTOR_OF = {
    "prepare": "window",
    "offer": "window",
    "close": "window",
    "accept": "coordinator",
    "decline": "coordinator",
    "feed_back": "coordinator",
    "end_early": "coordinator",
    "plan": "social_worker",
    "record_visit": "social_worker",
    "complete": "social_worker",
    "time_out": "system",
}


AFTER = {row.name: row.state for row in REFERRAL.starts} | {
    row.name: row.arrow.target for row in REFERRAL.transitions
}


def sealed(model: type[models.Model], column: str, text: str) -> bytes:
    """The text encrypted for its table and column; empty for an empty text."""
    return keys.encrypt(text.encode(), f"{model._meta.db_table}.{column}") if text else b""


@cache
def sealed_once(model: type[models.Model], column: str, text: str) -> bytes:
    """As ``sealed``, for words that fill many rows: they are encrypted once."""
    return sealed(model, column, text)


@cache
def _due(rule: str, day: date) -> tuple[datetime, bool]:
    span = clocks.span_of(reading.current(f"deadline.{rule}").value)
    due = calendar.due(datetime.combine(day, datetime.min.time(), SHANGHAI), span)
    return due.at, due.provisional


#: The columns of a clock in the order of ``City.clocks``.
CLOCK = (
    "lifecycle object_id state rule_key rule_version basis started_at due_at remind_at "
    "provisional reminded_at overdue_at stopped_at pause_cause"
)


@dataclass
class Keys:
    """The first primary key of each table, and the first official number of each series."""

    organization: int
    provider: int
    user: int
    offer: int
    contract: int
    line: int
    invoice: int
    household: int
    person: int
    consent: int
    matter: int
    need: int
    referral: int
    contract_number: int
    invoice_number: int
    household_number: int
    matter_number: int
    referral_number: int


@dataclass
class City:
    """The plan with everything that rows need."""

    plan: Plan
    key: Keys
    now: datetime
    buyer_id: int
    edition_id: int
    budget_line_id: int

    @property
    def year(self) -> int:
        """The year of the official numbers."""
        return self.now.astimezone(SHANGHAI).year

    @property
    def begins(self) -> date:
        """The first day of the contracts, before every visit."""
        return self.now.astimezone(SHANGHAI).date() - timedelta(days=730)

    def quota(self, number: int) -> int:
        """The quota of a line in units: what is reserved and used, and a third more."""
        line = self.plan.lines[number]
        return max(40, (line.reserved + line.used) * 4 // 3)

    @cached_property
    def amounts(self) -> list[Decimal]:
        """The amount of each provider's contract (CNY)."""
        found = [Decimal("0")] * len(self.plan.firms)
        for n, line in enumerate(self.plan.lines):
            found[line.provider] += line.price * self.quota(n)
        return found

    @cached_property
    def paid(self) -> list[Decimal]:
        """What each contract has paid (CNY): the units of closed referrals."""
        found = [Decimal("0")] * len(self.plan.firms)
        for trip in self.plan.trips:
            if trip.status == ReferralStatus.CLOSED:
                line = self.plan.lines[trip.line]
                found[line.provider] += line.price * trip.used
        return found

    # --- cases ----------------------------------------------------------------------------

    def matters(self) -> Iterator[tuple[Any, ...]]:
        """One matter for each case."""
        for n, trip in enumerate(self.plan.trips):
            spot = self.plan.homes[trip.home].spot
            closed = trip.need_status in NeedStatus.in_phase(ENDED)
            yield (
                self.key.matter + n,
                trip.began,
                f"SL-{self.year}-{self.key.matter_number + n:06d}",
                self.key.household + trip.home,
                spot.town_id,
                spot.window_id,
                "window",
                sealed_once(Matter, "story", "生活不便，需要人帮忙。"),
                trip.urgent,
                "",
                0,
                "值班",
                MatterStatus.CLOSED if closed else MatterStatus.ACCEPTED,
            )

    def needs(self) -> Iterator[tuple[Any, ...]]:
        """The need of each matter."""
        for n, trip in enumerate(self.plan.trips):
            done = trip.moment(5) if trip.level and trip.completed else None
            yield (
                self.key.need + n,
                trip.began,
                self.key.matter + n,
                self.plan.homes[trip.home].spot.town_id,
                self.plan.lines[trip.line].service.kind,
                sealed_once(Need, "text", "需要上门服务。"),
                trip.urgent,
                False,
                sealed_once(Need, "result", "服务已完成。") if done else b"",
                Decimal("0"),
                b"",
                done,
                trip.need_status,
            )

    def referrals(self) -> Iterator[tuple[Any, ...]]:
        """The referral of each need."""
        choice = json.dumps(
            {"rank": 1, "score": 78.5, "parts": [], "reason": "", "rule": "matching.weights", "version": 0}
        )
        goal = "日常起居有人照应"
        for n, trip in enumerate(self.plan.trips):
            status, transitions = trip.status, trip.transitions
            line, home = self.plan.lines[trip.line], self.plan.homes[trip.home]
            answered = trip.moment(2) if {"accept", "decline"} & set(transitions) else None
            visited = trip.moment(4) if "record_visit" in transitions else None
            finished = trip.moment(5) if {"complete", "end_early"} & set(transitions) else None
            known = status in ReferralStatus.knowing()
            outcome = "目标达到，家庭满意。" if finished else ""
            yield (
                self.key.referral + n,
                trip.began,
                f"ZJ-{self.year}-{self.key.referral_number + n:06d}",
                self.key.need + n,
                self.key.offer + trip.line,
                self.key.provider + line.provider,
                self.key.line + trip.line,
                home.spot.town_id,
                home.size,
                trip.urgent,
                case_mix.word(line.service.kind, home.category, trip.urgent),
                _ended_by(trip, n),
                trip.units,
                weekly_of(trip.units),
                trip.used,
                sealed_once(Referral, "goal", goal),
                self.key.consent + trip.home,
                choice,
                self.key.user + line.provider * 2 + 1 if "accept" in transitions else None,
                sealed_once(Referral, "plan_text", "每周一次。") if "plan" in transitions else b"",
                sealed_once(Referral, "outcome", outcome),
                trip.level if trip.completed else None,
                sealed(Referral, "contact_name", home.name) if known else None,
                sealed(Referral, "contact_phone", f"138{trip.home % 10**8:08d}") if known else None,
                trip.moment(1),
                answered,
                visited,
                finished,
                status,
            )

    def visits(self) -> Iterator[tuple[Any, ...]]:
        """Two visits a referral, where there was service: half the units each."""
        note = "情况平稳。"
        for n, trip, on, units in self._served():
            worker = self.key.user + self.plan.lines[trip.line].provider * 2 + 1
            yield (
                self.key.referral + n,
                on,
                units,
                sealed_once(Visit, "note", note),
                True,
                "spoken",
                worker,
                f"社工{worker}",
                trip.moment(4),
            )

    def deliveries(self) -> Iterator[tuple[Any, ...]]:
        """The same visits, as the contract counts them."""
        for n, trip, on, units in self._served():
            line = self.plan.lines[trip.line]
            paid = trip.status == ReferralStatus.CLOSED
            yield (
                self.key.line + trip.line,
                f"ZJ-{self.year}-{self.key.referral_number + n:06d}",
                units,
                line.price,
                on,
                self.key.invoice + line.provider if paid else None,
            )

    def _served(self) -> Iterator[tuple[int, Trip, date, int]]:
        for n, trip in enumerate(self.plan.trips):
            if trip.used:
                first = (trip.used + 1) // 2
                day = trip.moment(4).astimezone(SHANGHAI).date()
                yield n, trip, day, first
                if trip.used > first:
                    yield n, trip, day, trip.used - first

    @cached_property
    def served_count(self) -> int:
        """How many visits there are."""
        return sum(1 for _ in self._served())

    def ratings(self) -> Iterator[tuple[Any, ...]]:
        """The ratings of two of three households."""
        words = sealed(Satisfaction, "words", "很耐心")
        for n, trip in enumerate(self.plan.trips):
            if trip.need_status in NeedStatus.in_phase(ENDED) and n % 3:
                yield (self.key.need + n, trip.score, words, "call", trip.moment(7))

    def look_up_deadlines(self) -> None:
        """Compute every deadline beforehand, because COPY needs the connection to itself."""
        for _row in self.clocks():
            pass

    def clocks(self) -> Iterator[tuple[Any, ...]]:
        """The running clock of each referral, and the stopped ones of answer and first contact."""
        for n, trip in enumerate(self.plan.trips):
            transitions = trip.transitions
            if "plan" in transitions:
                yield self._clock(
                    "referrals.Referral",
                    self.key.referral + n,
                    ReferralStatus.ACCEPTED,
                    "referral.first_contact",
                    "S28",
                    trip.moment(2),
                    trip.moment(3),
                )
            if {"accept", "decline"} & set(transitions):
                yield self._clock(
                    "referrals.Referral",
                    self.key.referral + n,
                    ReferralStatus.OFFERED,
                    _running(REFERRAL, ReferralStatus.OFFERED, trip.urgent),
                    "S16",
                    trip.moment(1),
                    trip.moment(2),
                )
            if "time_out" in transitions:
                yield self._clock(
                    "referrals.Referral",
                    self.key.referral + n,
                    ReferralStatus.OFFERED,
                    _running(REFERRAL, ReferralStatus.OFFERED, trip.urgent),
                    "S16",
                    trip.moment(1),
                    trip.last,
                )
            yield from filter(None, (self.running(REFERRAL, n), self.running(NEED, n)))

    def running(self, lifecycle: Lifecycle, number: int) -> tuple[Any, ...] | None:
        """The clock that runs on the referral or the need of a case; None without one."""
        trip = self.plan.trips[number]
        state, first, basis = (
            (trip.status, self.key.referral, "S28")
            if lifecycle is REFERRAL
            else (trip.need_status, self.key.need, "S14")
        )
        rule = _running(lifecycle, state, trip.urgent)
        if not rule:
            return None
        return self._clock(lifecycle.label, first + number, state, rule, basis, trip.last, None)

    def _clock(
        self,
        label: str,
        pk: int,
        state: str,
        rule: str,
        basis: str,
        began: datetime,
        stopped: datetime | None,
    ) -> tuple[Any, ...]:
        due, provisional = _due(rule, began.astimezone(SHANGHAI).date())
        overdue = due if stopped is None and due < self.now else None
        return (
            label,
            pk,
            state,
            rule,
            0,
            basis,
            began,
            due,
            due - timedelta(hours=24),
            provisional,
            due - timedelta(hours=24) if due < self.now else None,
            overdue,
            stopped,
            "",
        )


def _ended_by(trip: Trip, number: int) -> str:
    """The role that ended a service early, in turn; empty where nobody did."""
    if "end_early" not in trip.transitions:
        return ""
    return "coordinator" if number % 2 else "window"


def _running(lifecycle: Lifecycle, state: str, urgent: bool) -> str:
    if lifecycle is REFERRAL and state == ReferralStatus.OFFERED:
        return "referral.answer_urgent" if urgent else "referral.answer"
    key = lifecycle.clocks.get(state, "")
    return key if isinstance(key, str) else ""
