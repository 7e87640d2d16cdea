"""Place whole referrals one by one where prices say, and exchange places as long as that gains points."""

from __future__ import annotations

import numpy as np

from referrals.rematching.pricing import WIDE, Options
from referrals.rematching.problem import Floats, Ints, Problem

#: How often all who did not get their first choice try again, at most.
TURNS = 6


#: The least gain, in points, for which anything is exchanged.
GAIN = 0.01


def arranged(problem: Problem, options: Options, prices: Floats, enough: float) -> Ints:
    """The chosen pairs, within every limit; with that many points no more is exchanged."""
    worth = options.worth(prices, problem.takes)
    few = options.best(worth, WIDE)
    worth = few.worth(prices, problem.takes)
    order = np.argsort(-worth, axis=1)
    worth = np.take_along_axis(worth, order, 1)
    arrangement = Arrangement(problem, few.in_order(order))
    # Whoever loses most without the first choice chooses first.
    loses = worth[:, 0] - worth[:, 1] if worth.shape[1] > 1 else worth[:, 0]
    arrangement.place(np.argsort(-loses, kind="stable").tolist())
    for _turn in range(TURNS):
        if arrangement.points >= enough or not arrangement.exchange():
            break
    return np.array([option[2] for option in arrangement.held if option[0] >= 0], dtype=np.int64)


#: An option of a referral: the offer, its points, the number of the pair.
Option = tuple[int, float, int]


#: That a referral is nowhere.
NOWHERE: Option = (-1, 0.0, -1)


class Arrangement:
    """Who is where, and what each offer has left. In lists, which are quicker than arrays one by one."""

    def __init__(self, problem: Problem, options: Options) -> None:
        cells = (options.offer.tolist(), options.points.tolist(), options.pair.tolist())
        self.options: list[list[Option]] = [list(zip(*row, strict=True)) for row in zip(*cells, strict=True)]
        self.units, self.weekly = problem.units.tolist(), problem.weekly.tolist()
        self.places, self.week, self.pot = (
            problem.places.tolist(),
            problem.week.tolist(),
            problem.pot.tolist(),
        )
        self.held: list[Option] = [NOWHERE] * len(self.units)
        self.at: list[set[int]] = [set() for _offer in self.places]

    @property
    def points(self) -> float:
        """The points of all that are placed."""
        return sum(held[1] for held in self.held)

    def place(self, order: list[int]) -> None:
        """Place the referrals in this order, each with the first of its options that has room."""
        for referral in order:
            for option in self.options[referral]:
                if option[1] > 0 and self._room(option[0], self.units[referral], self.weekly[referral]):
                    self._move(referral, option)
                    break

    def exchange(self) -> int:
        """Let all who did not get their first choice try again, those who miss most first; how many moved."""
        behind = [
            referral for referral, options in enumerate(self.options) if self.held[referral] is not options[0]
        ]
        behind.sort(key=lambda referral: self.held[referral][1] - self.options[referral][0][1])
        return sum(self._improve(referral) for referral in behind)

    def _improve(self, referral: int) -> bool:
        """Move a referral to a better option: a free one, or one whose holder goes elsewhere for less loss."""
        units, weekly = self.units[referral], self.weekly[referral]
        here, points, _pair = self.held[referral]
        most, found = GAIN, None
        for option in self.options[referral]:
            offer, gain = option[0], option[1] - points
            if offer == here or gain <= most:
                continue
            if self._room(offer, units, weekly):
                most, found = gain, (option, -1, NOWHERE)
                continue
            short_units, short_weekly = units - self.pot[offer], weekly - self.week[offer]
            for holder in self.at[offer]:
                if self.units[holder] < short_units or self.weekly[holder] < short_weekly:
                    continue
                least = most - gain + self.held[holder][1]
                other = self._elsewhere(holder, offer, least)
                if other is not None:
                    most, found = gain + other[1] - self.held[holder][1], (option, holder, other)
        if found is None:
            return False
        option, holder, other = found
        if holder >= 0:
            self._move(holder, other)
        self._move(referral, option)
        return True

    def _elsewhere(self, referral: int, offer: int, least: float) -> Option | None:
        """The best option of a referral with room, at another offer than that, and with more points."""
        units, weekly = self.units[referral], self.weekly[referral]
        found = None
        for option in self.options[referral]:
            if option[1] > least and option[0] != offer and self._room(option[0], units, weekly):
                least, found = option[1], option
        return found

    def _room(self, offer: int, units: int, weekly: int) -> bool:
        return self.places[offer] > 0 and self.week[offer] >= weekly and self.pot[offer] >= units

    def _move(self, referral: int, option: Option) -> None:
        left, to = self.held[referral][0], option[0]
        units, weekly = self.units[referral], self.weekly[referral]
        if left >= 0:
            self._take(left, -1, -units, -weekly)
            self.at[left].discard(referral)
        self._take(to, 1, units, weekly)
        self.at[to].add(referral)
        self.held[referral] = option

    def _take(self, offer: int, places: int, units: int, weekly: int) -> None:
        self.places[offer] -= places
        self.pot[offer] -= units
        self.week[offer] -= weekly
