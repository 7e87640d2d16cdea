"""How bids are scored and ranked (pure functions, Decimal).

Sources: 87号令 article 55 (low-price formula, mean of the panel's points), article 57 (equal scores: the
lower price, then the higher technical points); 民发〔2017〕153号 (at equal terms social organizations first).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Standing:
    """What a bid is ranked by; ``key`` is the bid's key, which also decides its lot."""

    key: int
    price: Decimal
    quality: Decimal
    social: bool


@dataclass(frozen=True)
class Place:
    """A bid with its scores and its rank (1 is the best)."""

    key: int
    price_score: Decimal
    quality_score: Decimal
    score: Decimal
    rank: int


def price_score(price: Decimal, lowest: Decimal, points: int) -> Decimal:
    """The low-price formula: lowest valid price / price x points, two decimals."""
    return (lowest / price * points).quantize(CENT, ROUND_HALF_UP)


def mean(points: Sequence[Decimal]) -> Decimal:
    """The mean of the points given by the experts, two decimals; 0 without any."""
    if not points:
        return Decimal("0")
    return (sum(points, Decimal("0")) / len(points)).quantize(CENT, ROUND_HALF_UP)


def ranked(bids: Sequence[Standing], points: int, seed: str) -> list[Place]:
    """All bids in order, best first.

    By score, then lower price, quality, social organizations, and lots drawn with ``seed``.
    """
    if not bids:
        return []
    lowest = min(bid.price for bid in bids)
    scores = {bid.key: price_score(bid.price, lowest, points) for bid in bids}

    def order(bid: Standing) -> tuple[Decimal, Decimal, Decimal, bool, bytes]:
        lot = hashlib.sha256(f"{seed}:{bid.key}".encode()).digest()
        total = scores[bid.key] + bid.quality
        return -total, bid.price, -bid.quality, not bid.social, lot

    return [
        Place(bid.key, scores[bid.key], bid.quality, scores[bid.key] + bid.quality, rank)
        for rank, bid in enumerate(sorted(bids, key=order), 1)
    ]
