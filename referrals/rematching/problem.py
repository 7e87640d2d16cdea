"""The assignment of referrals to offers, as numbers: what is asked, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """``pairs`` possible pairs, as arrays of one length: ``referral`` and ``offer`` (numbers
    from 0) and ``points``, positive.

    ``units`` and ``weekly`` are what each referral takes; ``places``, ``week`` and ``pot``
    what each offer still has; ``pot`` is the contract line's quota or the charity's stock.
    """

    referral: Ints
    offer: Ints
    points: Floats
    units: Ints
    weekly: Ints
    places: Ints
    week: Ints
    pot: Ints

    @property
    def takes(self) -> Ints:
        """What each referral takes of any offer: a row each for places, week and pot."""
        return np.array([np.ones_like(self.units), self.weekly, self.units])

    @property
    def has(self) -> Ints:
        """What each offer still has, in the rows of ``takes``."""
        return np.array([self.places, self.week, self.pot])

    @property
    def limits(self) -> list[tuple[Ints, Ints]]:
        """What each pair takes of its offer, and what the offer has, for places, week and pot."""
        return [(taken[self.referral], has) for taken, has in zip(self.takes, self.has, strict=True)]

    def only(self, pairs: Ints) -> Problem:
        """The same problem with some of the pairs."""
        return replace(
            self, referral=self.referral[pairs], offer=self.offer[pairs], points=self.points[pairs]
        )

    def after(self, pairs: Ints) -> Problem:
        """The same problem with what each offer still has once ``pairs`` are taken."""
        offers = self.offer[pairs]
        places, week, pot = (
            has - np.bincount(offers, taken[pairs], len(has)).astype(np.int64) for taken, has in self.limits
        )
        return replace(self, places=places, week=week, pot=pot)

    def within(self, pairs: Ints) -> bool:
        """Whether ``pairs`` exceed no limit."""
        rest = self.after(pairs)
        return bool((rest.has >= 0).all())


@dataclass(frozen=True)
class Assignment:
    """``offer_of`` by referral (-1: no room), points in all, and the bound that none can exceed."""

    offer_of: Ints
    total: float
    bound: float

    @property
    def gap(self) -> float:
        """The distance of the total to the bound, as a share of the bound."""
        return (self.bound - self.total) / self.bound if self.bound else 0.0
