"""Time a part of the product in turns with its floor: the least that gives the same, written without it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: Seconds in which ours and the floor of a case take turns on one database, and how often they do at least
#: and at most. 101 samples are the fewest of which the 99th percentile is not just the slowest.
SECONDS, FEWEST, MOST = 1.5, 7, 101

#: How often a case is called cold.
COLD = 5


@dataclass(frozen=True)
class Row:
    """A line of the result: ours and the floor in ``unit``, and how many times the floor ours may be.

    With ``at_least`` the ratio has to reach the target, as with a throughput. ``note`` says what is compared.
    """

    name: str
    ours: float
    floor: float
    target: float
    unit: str = "ms"
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the floor."""
        return self.ours / self.floor if self.floor else float("inf")

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    def as_json(self) -> dict[str, Any]:
        """The row as it is kept."""
        kept = {
            "name": self.name,
            "ours": round(self.ours, 3),
            "floor": round(self.floor, 3),
            "unit": self.unit,
            "ratio": round(self.ratio, 3),
            "target": self.target,
            "holds": self.holds,
        }
        return {**kept, "note": self.note} if self.note else kept


@dataclass(frozen=True)
class Case:
    """A part of the product with its floor. ``shows`` are the keys of the rows that ours gives, and so must
    the floor.
    """

    name: str
    against: str
    ours: Callable[[], Any]
    floor: Callable[[], Any]
    target: float
    shows: Any = None

    def check(self) -> None:
        """Raise ``ValueError`` where the floor gives other rows than ours: it would be a floor of other work."""
        if self.shows is not None and (found := self.floor()) != self.shows:
            raise ValueError(f"{self.name}: ours shows {self.shows!r:.300}, the floor gives {found!r:.300}")


@dataclass
class Times:
    """Milliseconds of a case: ours and the floor warm, and ours cold."""

    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)

    def add(self, other: Times) -> None:
        """Take more samples in."""
        self.ours += other.ours
        self.floor += other.floor
        self.cold += other.cold


def median(times: list[float]) -> float:
    """The one in the middle."""
    return statistics.median(times)


def ninety_ninth(times: list[float]) -> float:
    """The 99th percentile: of a hundred and one samples the last but one."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


def milliseconds(act: Callable[[], Any]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


def in_turns(case: Case, *, seconds: float = SECONDS, fewest: int = FEWEST) -> Times:
    """Ours and the floor in turns, so that both meet the same load, after one call of each."""
    case.ours(), case.floor()
    times, begin = Times(), time.perf_counter()
    while len(times.ours) < MOST:
        if len(times.ours) >= fewest and time.perf_counter() - begin > seconds:
            break
        times.ours.append(milliseconds(case.ours))
        times.floor.append(milliseconds(case.floor))
    return times


def cold(case: Case, forget: Callable[[], None], times: int = COLD) -> list[float]:
    """Ours as first called: ``forget`` drops caches and connections before each call."""
    found = []
    for _number in range(times):
        forget()
        found.append(milliseconds(case.ours))
    return found


def row_of(case: Case, times: Times) -> Row:
    """The row of a case by its medians."""
    return Row(f"{case.name} / {case.against}", median(times.ours), median(times.floor), case.target)


def growth(name: str, large: Times, small: Times, target: float = 1.1) -> list[Row]:
    """How a case grows from a tenth of the city to the whole: the median, the cold call, the 99th percentile."""
    return [
        Row(f"{name}, {what}, at ten times the data / at a tenth", of(a), of(b), target)
        for what, of, a, b in (
            ("median", median, large.ours, small.ours),
            ("cold", median, large.cold, small.cold),
            ("99th percentile", ninety_ninth, large.ours, small.ours),
        )
        if a and b
    ]
