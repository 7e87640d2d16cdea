"""The ledger: money moves from account to account in one guarded statement, with its entry.

The statement changes the line, the contract's part of it where a contract is named, and
writes the entry; it does all three or nothing. Whoever kills the process in between
finds either the money where it was, or moved and told.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from django.db import connection, models, transaction
from django.db.models import Case, F, Q, Sum, Value, When
from django.utils.translation import gettext as _
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from contracts.models import BudgetChange, BudgetLine, Contract, LedgerEntry
from contracts.models.budget import INSIDE, OUTSIDE, TIED, Account
from foundation import moments
from foundation.refusals import Exhausted

#: What a statement does with an account's column, and what it asks of it first.
LESS, MORE = SQL("{0} = {0} - %(amount)s"), SQL("{0} = {0} + %(amount)s")
ENOUGH = SQL("{} >= %(amount)s")


@transaction.atomic
def transfer(
    line_id: int,
    amount: Decimal,
    credit: Account,
    debit: Account,
    *,
    note: str,
    contract: Contract | None = None,
    purpose: str = "",
    change: BudgetChange | None = None,
) -> int | None:
    """Move ``amount`` CNY out of ``credit`` into ``debit`` of a line; the entry's key.

    Nothing is read before it is written: the statement itself refuses to go below
    zero. Money of a contract (``TIED``) needs its ``contract``, ``PLANNED`` money the
    number of its ``purpose``; between the two it goes by way of ``AVAILABLE``. Raises
    ``Exhausted``; zero moves nothing.
    """
    if amount == 0:
        return None
    if amount < 0:
        raise ValueError("an amount is never negative; exchange the accounts")
    if contract is None and (credit in TIED or debit in TIED):
        raise ValueError(f"{credit} → {debit} is money of a contract; name it")
    if not purpose and Account.PLANNED in (credit, debit):
        raise ValueError(f"{credit} → {debit} is money of a purpose; name it")
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(credit, debit),
            {
                "line": line_id,
                "amount": amount,
                "contract": contract.pk if contract else None,
                "purpose": purpose,
                "change": change.pk if change else None,
                "at": moments.now(),
                "note": note[:120],
            },
        )
        written = cursor.fetchone()
    if written is None:
        raise Exhausted(
            _("预算不足：需要 %(amount)s 元，“%(account)s”余额不够。")
            % {"amount": f"{amount:,.2f}", "account": Account(credit).label},
            rule=_("先有预算、后购买服务（102号令第十七条）"),
        )
    return int(written[0])


@cache
def _statement(credit: Account, debit: Account) -> str:
    """The statement that moves money between two accounts; it differs in its columns."""
    sets: list[Composable] = []
    guards: list[Composable] = [SQL("id = %(line)s")]
    for account, move in ((credit, LESS), (debit, MORE)):
        if account in INSIDE:
            sets.append(move.format(Identifier(account)))
    if credit in INSIDE:
        guards.append(ENOUGH.format(Identifier(credit)))
    if credit in OUTSIDE or debit in OUTSIDE:
        sets.append((MORE if credit in OUTSIDE else LESS).format(Identifier("amount")))
    tied = _tied(credit, debit)
    if tied is not None:
        guards.append(SQL("EXISTS (SELECT 1 FROM tied)"))
    statement = SQL(
        """
        WITH {tied} moved AS (
            UPDATE contracts_budgetline SET {sets} WHERE {guards} RETURNING id
        )
        INSERT INTO contracts_ledgerentry
            (at, line_id, credit, debit, amount, contract_id, purpose, change_id, note)
        SELECT %(at)s, id, {credit}, {debit}, %(amount)s, %(contract)s::bigint,
               %(purpose)s, %(change)s::bigint, %(note)s
        FROM moved RETURNING id
        """
    )
    return statement.format(
        tied=tied or SQL(""),
        sets=SQL(", ").join(sets),
        guards=SQL(" AND ").join(guards),
        credit=Literal(credit.value),
        debit=Literal(debit.value),
    ).as_string()


def _tied(credit: Account, debit: Account) -> Composed | SQL | None:
    """The part of the statement that moves a contract's or a purpose's part of the line.

    Everybody locks the line before a contract's part of it, so that nobody waits in a circle.
    """
    if Account.PLANNED in (credit, debit) and (credit in TIED or debit in TIED):
        raise ValueError(f"{credit} → {debit}: what is planned becomes available first")
    if credit in TIED:
        moves = [LESS.format(Identifier(credit))]
        if debit in TIED:
            moves.append(MORE.format(Identifier(debit)))
        part: Composable = SQL(
            """
            UPDATE contracts_earmark SET {moves}
            WHERE line_id IN (SELECT id FROM locked) AND contract_id = %(contract)s AND {enough}
            RETURNING id
            """
        ).format(moves=SQL(", ").join(moves), enough=ENOUGH.format(Identifier(credit)))
    elif debit in TIED:
        amount, none = SQL("%(amount)s::numeric"), SQL("0")
        part = SQL(
            """
            INSERT INTO contracts_earmark AS f (contract_id, line_id, {accounts})
            SELECT %(contract)s::bigint, id, {first} FROM locked
            ON CONFLICT (contract_id, line_id) DO UPDATE SET {debit} = f.{debit} + %(amount)s
            RETURNING id
            """
        ).format(
            accounts=SQL(", ").join(map(Identifier, TIED)),
            first=SQL(", ").join(amount if each == debit else none for each in TIED),
            debit=Identifier(debit),
        )
    elif credit == Account.PLANNED:
        part = SQL(
            """
            UPDATE contracts_setaside SET amount = amount - %(amount)s
            WHERE line_id IN (SELECT id FROM locked) AND purpose = %(purpose)s
              AND amount >= %(amount)s
            RETURNING id
            """
        )
    elif debit == Account.PLANNED:
        part = SQL(
            """
            INSERT INTO contracts_setaside AS s (line_id, purpose, amount)
            SELECT id, %(purpose)s, %(amount)s::numeric FROM locked
            ON CONFLICT (line_id, purpose) DO UPDATE SET amount = s.amount + %(amount)s
            RETURNING id
            """
        )
    else:
        return None
    return SQL(
        """
        locked AS MATERIALIZED (
            SELECT id FROM contracts_budgetline WHERE id = %(line)s FOR UPDATE
        ), tied AS ({}),
        """
    ).format(part)


def hold(*line_ids: int) -> dict[int, BudgetLine]:
    """Lock budget lines until the transaction ends, by their keys; always in the same order."""
    lines = BudgetLine.objects.select_for_update().order_by("pk")
    return {each.pk: each for each in lines.filter(pk__in=line_ids)}


def behind(account: str) -> models.QuerySet[LedgerEntry]:
    """The entries behind a figure, each with ``signed``: what it added to it (CNY).

    ``"amount"`` is what the world outside has given; any other name is an account.
    """
    names = OUTSIDE if account == "amount" else (account,)
    plus = Q(credit__in=OUTSIDE) if account == "amount" else Q(debit=account)
    return LedgerEntry.objects.filter(Q(credit__in=names) | Q(debit__in=names)).annotate(
        signed=Case(When(plus, then=F("amount")), default=Value(Decimal("0")) - F("amount"))
    )


def total(entries: models.QuerySet[LedgerEntry]) -> Decimal:
    """The sum of ``signed`` of entries (CNY)."""
    return entries.aggregate(total=Sum("signed"))["total"] or Decimal("0")


def faults() -> Iterator[str]:
    """Every balance that is not the sum of its entries, in words; none is what is wanted."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS)
        for table, pk, account, held, told in cursor.fetchall():
            yield f"{table} {pk} {account}: {held} held, {told} told by the entries"


#: Each balance beside the sum of what its entries took and gave.
_FAULTS = """
    WITH moved AS (
        SELECT e.line_id, e.contract_id, e.purpose, side.account, side.amount
        FROM contracts_ledgerentry e
        CROSS JOIN LATERAL (VALUES (e.credit, -e.amount), (e.debit, e.amount))
            AS side (account, amount)
    ), told_of_lines AS (
        SELECT line_id, account, sum(amount) AS told FROM moved GROUP BY 1, 2
        UNION ALL
        SELECT line_id, 'amount', -sum(amount) FROM moved
        WHERE account IN ('granted', 'brought') GROUP BY 1
    ), told_of_contracts AS (
        SELECT contract_id, line_id, account, sum(amount) AS told FROM moved
        WHERE account IN ('reserved', 'committed', 'spent') GROUP BY 1, 2, 3
    ), held_by_lines AS (
        SELECT l.id AS line_id, h.account, h.held FROM contracts_budgetline l
        CROSS JOIN LATERAL (VALUES
            ('amount', l.amount), ('available', l.available), ('planned', l.planned),
            ('reserved', l.reserved), ('committed', l.committed), ('spent', l.spent), ('returned', l.returned),
            ('carried', l.carried)) AS h (account, held)
    ), held_by_contracts AS (
        SELECT m.contract_id, m.line_id, h.account, h.held FROM contracts_earmark m
        CROSS JOIN LATERAL (VALUES
            ('reserved', m.reserved), ('committed', m.committed), ('spent', m.spent))
            AS h (account, held)
    )
    SELECT 'budget line', line_id::text, account, held, coalesce(told, 0)
    FROM held_by_lines LEFT JOIN told_of_lines USING (line_id, account)
    WHERE held <> coalesce(told, 0)
    UNION ALL
    SELECT 'contract on line', contract_id::text || ' on ' || line_id::text, account,
           coalesce(held, 0), coalesce(told, 0)
    FROM held_by_contracts FULL JOIN told_of_contracts USING (contract_id, line_id, account)
    WHERE coalesce(held, 0) <> coalesce(told, 0)
    UNION ALL
    SELECT 'purpose on line', purpose || ' on ' || line_id::text, 'planned',
           coalesce(held, 0), coalesce(told, 0)
    FROM (SELECT purpose, line_id, amount AS held FROM contracts_setaside) s
    FULL JOIN (SELECT purpose, line_id, sum(amount) AS told FROM moved
               WHERE account = 'planned' GROUP BY 1, 2) t USING (purpose, line_id)
    WHERE coalesce(held, 0) <> coalesce(told, 0)
    UNION ALL
    SELECT 'contract', c.number, 'spent', c.spent, coalesce(sum(m.spent), 0)
    FROM contracts_contract c LEFT JOIN contracts_earmark m ON m.contract_id = c.id
    GROUP BY c.id HAVING c.spent <> coalesce(sum(m.spent), 0)
"""
