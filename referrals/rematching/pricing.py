"""The prices of what is scarce: the linear program's dual, found by raising what is asked for too much.

Every offer has a price for a place, for a unit of its week and for a unit of its pot. Each
referral looks for the offer that leaves it the most points after prices; what is asked for more than there
is becomes dearer, what is left over becomes cheaper. Any prices give a bound that no arrangement exceeds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from referrals.rematching.problem import Floats, Ints, Problem

#: How many options of a referral are looked at in one go: the best by the prices of the time.
WIDE = 8


#: How often prices are raised, for the options best by points and again for those best by the first prices.
ROUNDS = (40, 20)


#: The first change of a price of a place, in points, and after how many rounds it is halved.
STEP, HALVED = 4.0, 12


#: The share of a change that is carried on into the next.
CARRIED = 0.6


#: The points of an option that is none: fewer than any price could leave.
NONE = -1e9


@dataclass(frozen=True)
class Options:
    """The pairs of a problem as a table with a row for each referral and a column for each of its options.

    Where a referral has fewer options than others, ``points`` are ``NONE``.
    """

    pair: Ints
    offer: Ints
    points: Floats

    @staticmethod
    def of(problem: Problem) -> Options:
        """All of a problem."""
        order = np.argsort(problem.referral, kind="stable")
        row = problem.referral[order]
        many = np.bincount(row, minlength=len(problem.units))
        column = np.arange(len(order)) - (np.cumsum(many) - many)[row]
        pair = np.full((len(many), many.max()), -1)
        pair[row, column] = order
        points = np.where(pair < 0, NONE, problem.points[pair])
        return Options(pair, np.where(pair < 0, 0, problem.offer[pair]), points)

    def best(self, worth: Floats, many: int) -> Options:
        """Only the ``many`` options of each referral that are worth most."""
        if many >= worth.shape[1]:
            return self
        return self.in_order(np.argpartition(-worth, many - 1, axis=1)[:, :many])

    def in_order(self, columns: Ints) -> Options:
        """The options with those numbers, in each row."""
        return Options(
            np.take_along_axis(self.pair, columns, 1),
            np.take_along_axis(self.offer, columns, 1),
            np.take_along_axis(self.points, columns, 1),
        )

    def worth(self, prices: Floats, takes: Ints) -> Floats:
        """The points of each option after the prices of what it takes."""
        cost = prices[0][self.offer]
        for price, taken in zip(prices[1:], takes[1:], strict=True):
            if price.any():
                cost += price[self.offer] * taken[:, None]
        return self.points - cost


def prices_of(problem: Problem, options: Options) -> tuple[Floats, float]:
    """The prices (rows as in ``Problem.has``), and the bound that they prove, in points."""
    prices = np.zeros(problem.has.shape)
    for rounds in ROUNDS:
        few = options.best(options.worth(prices, problem.takes), WIDE)
        prices = _raised(problem, few, prices, rounds)
    best = options.worth(prices, problem.takes).max(axis=1)
    return prices, float(np.maximum(best, 0).sum() + (prices * problem.has).sum())


def worth_of(problem: Problem, prices: Floats) -> Floats:
    """The points of each pair after the prices of what it takes."""
    cost = sum(
        price[problem.offer] * taken for price, (taken, _has) in zip(prices, problem.limits, strict=True)
    )
    return problem.points - cost


def _raised(problem: Problem, options: Options, prices: Floats, rounds: int) -> Floats:
    """The prices with the lowest bound that are met in so many rounds."""
    takes, has = problem.takes, problem.has
    rows = np.arange(len(problem.units))
    # A unit of the week or pot costs as much less than a place as a referral takes more of it.
    step = STEP / takes.mean(axis=1, keepdims=True)
    change, lowest, found = np.zeros(has.shape), np.inf, prices
    for number in range(rounds):
        worth = options.worth(prices, takes)
        wanted = worth.argmax(axis=1)
        best = worth[rows, wanted]
        bound = np.maximum(best, 0).sum() + (prices * has).sum()
        if bound < lowest:
            lowest, found = bound, prices
        asking = best > 0
        offer = options.offer[rows, wanted][asking]
        asked = np.array([np.bincount(offer, taken[asking], has.shape[1]) for taken in takes])
        change = CARRIED * change + np.clip((asked - has) / np.maximum(has, 1), -1, 1)
        prices = np.maximum(0, prices + step / (1 + number / HALVED) * change)
    return found
