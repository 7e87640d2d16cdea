"""Charity funds and goods used by referrals: promised at acceptance, given at delivery, the rest released.

Offers without a pool are left alone. ``holder`` is the referral's number; units of a pool are CNY for money
and pieces for goods, as Decimal.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.refusals import Exhausted
from giving import stock
from giving.models import Account, Backing, Pool


def lock_stock(offer_ids: Iterable[int]) -> None:
    """Lock the pools that supply the given offers, in the order of their keys.

    Call it before contract lines and offers are locked: whoever moves units of a pool writes to its offers.
    """
    behind = Backing.objects.filter(offer_id__in=offer_ids).values("pool_id")
    list(Pool.objects.select_for_update().filter(pk__in=behind).order_by("pk").values_list("pk"))


def locked_backing(offer_id: int) -> Backing | None:
    """The link from an offer to its pool, which is locked; ``None`` for an offer without one.

    Call it, too, before contract lines and offers are locked.
    """
    linked = Backing.objects.select_related("pool").filter(offer_id=offer_id)
    return linked.select_for_update(of=("pool",)).first()


def reserve(backing: Backing | None, units: int, *, holder: str) -> None:
    """Reserve what ``units`` of the service take out of the pool; raises ``Exhausted``."""
    if backing is None:
        return
    if not backing.pool.in_use:
        raise Exhausted(_("“%(name)s”已冻结或结清。") % {"name": backing.pool}, rule="S33")
    stock.transfer(
        backing.pool_id,
        backing.per_unit * units,
        Account.AVAILABLE,
        Account.RESERVED,
        holder=holder,
        note=f"{holder} 答应",
    )


def give(offer_id: int, units: int, *, holder: str) -> None:
    """Book delivered units; raises ``Exhausted`` for more than are reserved for the holder."""
    backing = _backing(offer_id)
    if backing is not None:
        wanted = backing.per_unit * units
        if stock.reserved_for(holder, backing.pool_id) < wanted:
            raise Exhausted(_("本次发放超过答应这户的数量。"), rule="S28")
        stock.transfer(
            backing.pool_id, wanted, Account.RESERVED, Account.GIVEN, holder=holder, note=f"{holder} 发放"
        )


def release(offer_id: int, *, holder: str) -> None:
    """Make free again whatever is still reserved for the holder."""
    backing = _backing(offer_id)
    if backing is not None:
        stock.transfer(
            backing.pool_id,
            stock.reserved_for(holder, backing.pool_id),
            Account.RESERVED,
            Account.AVAILABLE,
            holder=holder,
            note=f"{holder} 释放",
        )


def value_of(offer_id: int, units: int) -> Decimal | None:
    """The worth (CNY) of ``units`` of an offer's service; ``None`` for an offer without a pool."""
    backing = _backing(offer_id)
    return backing.pool.worth(backing.per_unit * units) if backing else None


def _backing(offer_id: int) -> Backing | None:
    """The link from an offer to its pool, or ``None``."""
    return Backing.objects.select_related("pool").filter(offer_id=offer_id).first()
