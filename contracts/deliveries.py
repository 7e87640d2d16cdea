"""A delivered visit is told to the contract, so invoices never read referrals."""

from __future__ import annotations

from datetime import date

from contracts import quota
from contracts.models import ContractLine, Delivery


def record(line_id: int, units: int, *, holder: str, on: date) -> Delivery:
    """Units of a line were delivered to the holder of the reservation.

    Raises ``Exhausted`` for more units than are reserved.
    """
    quota.use(line_id, units)
    line = ContractLine.objects.get(pk=line_id)
    return Delivery.objects.create(
        line=line, holder=holder, units=units, unit_price=line.unit_price, delivered_on=on
    )
