"""What every end of a service does: release what is unused, write down what was given,
delete what was handed on.
"""

from __future__ import annotations

from decimal import Decimal

from catalog.offers import applying
from contracts.contracts import quota
from giving import allocations
from households.help_received import helping
from households.help_received.models import Source
from referrals.offers.models import Referral


def lock_referrals(*referrals: Referral) -> None:
    """Lock what referrals draw on, in the one order that everybody keeps.

    Pools, lines of contracts, offers, each by its key (docs/decisions/order-of-locks.md).
    """
    offers_drawn_on = sorted({referral.offer_id for referral in referrals})
    allocations.lock_stock(offers_drawn_on)
    lines = (pk for referral in referrals for pk in (referral.line_id, referral.line_before_id) if pk)
    quota.lock_lines(lines)
    applying.lock_offers(offers_drawn_on)


def release(referral: Referral) -> None:
    """Give back what an ending referral has not used: units, its place, its week."""
    unused = referral.units - referral.used
    lock_referrals(referral)
    if referral.line_id:
        quota.release(referral.line_id, unused)
    applying.free_place(referral.offer_id, weekly=referral.weekly, units=unused)
    allocations.release(referral.offer_id, holder=referral.number)


def take_again(referral: Referral, units: int) -> None:
    """Take of the offer's own means what was given back before a visit was told; raises ``Exhausted``.

    The line of a contract counts late units by itself (``contracts.invoices.deliveries``).
    """
    applying.take_units(referral.offer_id, units)
    allocations.reserve(referral.offer_id, units, holder=referral.number)


def write_help(referral: Referral, units: int | None = None) -> None:
    """Write the units that were delivered (or ``units`` of them) into the household's ledger of help (S22)."""
    given = referral.used if units is None else units
    if not given:
        return
    price = referral.line.unit_price if referral.line else Decimal("0")
    worth = allocations.value_of(referral.offer_id, given)
    helping.record_help(
        referral.need.matter.household,
        source=Source.PURCHASED if referral.line_id else Source.CHARITY,
        giver_id=referral.provider.organization_id,
        what=referral.offer.item.name,
        item_code=referral.offer.item.code,
        need_kind=referral.need.kind,
        person=referral.need.person,
        units=Decimal(given),
        amount=worth if worth is not None else given * (price or referral.offer.price),
    )


def erase(referral: Referral) -> None:
    """Contact data that were handed on are deleted (PIPL 47)."""
    referral.contact_name = referral.contact_phone = referral.contact_address = None
