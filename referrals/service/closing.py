"""What every end of a service does: release what is unused, record the help that was given, erase the contact
data.
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
    """Lock what referrals draw on, in the one order of all actions.

    Pools, contract lines, offers, each by key (docs/decisions/order-of-locks.md).
    """
    offers_drawn_on = sorted({referral.offer_id for referral in referrals})
    allocations.lock_stock(offers_drawn_on)
    lines = (pk for referral in referrals for pk in (referral.line_id, referral.line_before_id) if pk)
    quota.lock_lines(lines)
    applying.lock_offers(offers_drawn_on)


def release(referral: Referral) -> None:
    """Release what an ending referral has not used: units, its place, its part of the week."""
    unused = referral.units - referral.used
    lock_referrals(referral)
    if referral.line_id:
        quota.release(referral.line_id, unused)
    applying.free_place(referral.offer_id, weekly=referral.weekly, units=unused)
    allocations.release(referral.offer_id, holder=referral.number)


def reserve_again(referral: Referral, units: int) -> None:
    """Take units of the offer's own stock again for a visit that is entered after the end. Raises
    ``Exhausted``.

    The contract line counts late units by itself (``contracts.invoices.deliveries``).
    """
    applying.take_units(referral.offer_id, units)
    allocations.reserve(allocations.locked_backing(referral.offer_id), units, holder=referral.number)


def write_help(referral: Referral, units: int | None = None) -> None:
    """Enter the delivered units (or ``units`` of them) in the household's ledger of help (S22)."""
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
    """Erase the contact data that the provider received (PIPL 47)."""
    referral.contact_name = referral.contact_phone = referral.contact_address = None
