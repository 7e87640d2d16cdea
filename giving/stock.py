"""Units of a pool move in one guarded statement with its entry, as money of a budget does."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Case, F, Q, Sum, Value, When
from django.utils.translation import gettext as _
from psycopg.sql import SQL, Composable, Identifier, Literal

from foundation import moments
from foundation.refusals import Exhausted
from giving.models import INSIDE, OUTSIDE, ZERO, Account, Pool, StockEntry


@transaction.atomic
def transfer(
    pool_id: int, units: Decimal, credit: Account, debit: Account, *, holder: str, note: str
) -> None:
    """Move units out of ``credit`` into ``debit``; what offers may still give follows.

    The statement itself refuses to go below zero. Raises ``Exhausted``; zero moves nothing.
    """
    if units == 0:
        return
    if units < 0:
        raise ValueError("units are never negative; exchange the accounts")
    given: dict[str, Any] = {
        "pool": pool_id,
        "units": units,
        "at": moments.now(),
        "holder": holder,
        "note": note[:120],
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(credit, debit), given)
        if cursor.fetchone() is None:
            raise Exhausted(
                _("“%(name)s”不够：需要 %(units)s。")
                % {"name": Pool.objects.get(pk=pool_id), "units": f"{units:,.2f}"},
                rule="S28",
            )
        cursor.execute(_STOCK_OF_OFFERS, given)


@cache
def _statement(credit: Account, debit: Account) -> str:
    sets: list[Composable] = []
    guards: list[Composable] = [SQL("id = %(pool)s")]
    for account, sign in ((credit, SQL("-")), (debit, SQL("+"))):
        if account in INSIDE:
            sets.append(SQL("{0} = {0} {1} %(units)s").format(Identifier(account), sign))
    if credit in INSIDE:
        guards.append(SQL("{} >= %(units)s").format(Identifier(credit)))
    if credit in OUTSIDE or debit in OUTSIDE:
        sign = SQL("+") if credit in OUTSIDE else SQL("-")
        sets.append(SQL("received = received {} %(units)s").format(sign))
    return (
        SQL(
            """
            WITH moved AS (UPDATE giving_pool SET {sets} WHERE {guards} RETURNING id)
            INSERT INTO giving_stockentry (at, pool_id, credit, debit, units, holder, note)
            SELECT %(at)s, id, {credit}, {debit}, %(units)s, %(holder)s, %(note)s FROM moved
            RETURNING id
            """
        )
        .format(
            sets=SQL(", ").join(sets),
            guards=SQL(" AND ").join(guards),
            credit=Literal(credit.value),
            debit=Literal(debit.value),
        )
        .as_string()
    )


#: What matching reads: how many units each offer could still give out of its pool.
_STOCK_OF_OFFERS = """
    UPDATE catalog_offer o SET stock = CASE WHEN p.status = 'open'
        THEN floor(p.available / b.per_unit)::integer ELSE 0 END
    FROM giving_backing b JOIN giving_pool p ON p.id = b.pool_id
    WHERE b.offer_id = o.id AND p.id = %(pool)s
"""


def tell_offers(pool_id: int) -> None:
    """Set what the offers of a pool may still give."""
    with connection.cursor() as cursor:
        cursor.execute(_STOCK_OF_OFFERS, {"pool": pool_id})


def behind(account: str) -> models.QuerySet[StockEntry]:
    """The entries behind a figure, each with ``signed``: what it added to it."""
    names = OUTSIDE if account == "received" else (account,)
    plus = Q(credit__in=OUTSIDE) if account == "received" else Q(debit=account)
    return StockEntry.objects.filter(Q(credit__in=names) | Q(debit__in=names)).annotate(
        signed=Case(When(plus, then=F("units")), default=Value(ZERO) - F("units"))
    )


def held_by(holder: str, pool_id: int) -> Decimal:
    """What is promised to a holder now, and neither given nor released."""
    moved = StockEntry.objects.filter(holder=holder, pool_id=pool_id).aggregate(
        more=Sum("units", filter=Q(debit=Account.RESERVED)),
        less=Sum("units", filter=Q(credit=Account.RESERVED)),
    )
    return (moved["more"] or ZERO) - (moved["less"] or ZERO)


def faults() -> Iterator[str]:
    """Every figure that is not the sum of its entries, in words; none is what is wanted."""
    for account in ("received", *INSIDE):
        told = dict(behind(account).order_by().values_list("pool").annotate(Sum("signed")))
        for pool in Pool.objects.all():
            held = getattr(pool, account)
            if held != told.get(pool.pk, ZERO):
                yield f"pool {pool.pk} {account}: {held} held, {told.get(pool.pk, ZERO)} told"
