"""The ledger of charity pools: each movement with its entry, and the stock that their offers show."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from foundation.ledger import Ledger, NotEnough
from foundation.lifecycle.phases import SERVING
from foundation.refusals import Exhausted
from giving.models import INSIDE, OUTSIDE, ZERO, Account, Pool, StockEntry
from giving.states import PoolStatus

STOCK = Ledger(
    lines=Pool,
    entries=StockEntry,
    line="pool",
    amount="units",
    given="received",
    inside=INSIDE,
    outside=OUTSIDE,
)

behind, faults = STOCK.behind, STOCK.faults


@transaction.atomic
def transfer(
    pool_id: int, units: Decimal, credit: Account, debit: Account, *, holder: str, note: str
) -> None:
    """Move units out of ``credit`` into ``debit`` and update the stock of the pool's offers.

    Raises ``Exhausted`` when ``credit`` holds fewer; zero moves nothing.
    """
    try:
        moved = STOCK.transfer(pool_id, units, credit, debit, holder=holder, note=note[:120])
    except NotEnough:
        raise Exhausted(
            _("“%(name)s”不够：需要 %(units)s。")
            % {"name": Pool.objects.get(pk=pool_id), "units": f"{units:,.2f}"},
            rule="S28",
        ) from None
    if moved is not None:
        update_offers(pool_id)


#: Sets ``Offer.stock``, which matching reads: how many units of service the pool still supplies.
_STOCK_OF_OFFERS = """
    UPDATE catalog_offer o SET stock = CASE WHEN p.status = ANY (%(giving)s)
        THEN floor(p.available / b.per_unit)::integer ELSE 0 END
    FROM giving_backing b JOIN giving_pool p ON p.id = b.pool_id
    WHERE b.offer_id = o.id AND p.id = %(pool)s
"""


def update_offers(pool_id: int) -> None:
    """Set the stock of all offers that a pool supplies (units of service)."""
    with connection.cursor() as cursor:
        cursor.execute(_STOCK_OF_OFFERS, {"pool": pool_id, "giving": list(PoolStatus.in_phase(SERVING))})


def reserved_for(holder: str, pool_id: int) -> Decimal:
    """The units reserved for a holder now, neither given nor released."""
    moved = StockEntry.objects.filter(holder=holder, pool_id=pool_id).aggregate(
        more=Sum("units", filter=Q(debit=Account.RESERVED)),
        less=Sum("units", filter=Q(credit=Account.RESERVED)),
    )
    return (moved["more"] or ZERO) - (moved["less"] or ZERO)
