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

from contracts.models import BudgetChange, BudgetLine, Contract, LedgerEntry
from contracts.models.budget import INSIDE, OUTSIDE, TIED, Account
from foundation import moments
from foundation.refusals import Exhausted


@transaction.atomic
def transfer(
    line_id: int,
    amount: Decimal,
    credit: Account,
    debit: Account,
    *,
    note: str,
    contract: Contract | None = None,
    change: BudgetChange | None = None,
) -> int | None:
    """Move ``amount`` CNY out of ``credit`` into ``debit`` of a line; the entry's key.

    Nothing is read before it is written: the statement itself refuses to go below
    zero. Money of a contract (``TIED``) needs its ``contract``. Raises ``Exhausted``;
    zero moves nothing.
    """
    if amount == 0:
        return None
    if amount < 0:
        raise ValueError("an amount is never negative; exchange the accounts")
    if contract is None and (credit in TIED or debit in TIED):
        raise ValueError(f"{credit} → {debit} is money of a contract; name it")
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(credit, debit),
            {
                "line": line_id,
                "amount": amount,
                "contract": contract and contract.pk,
                "change": change and change.pk,
                "at": moments.now(),
                "note": note[:120],
            },
        )
        written = cursor.fetchone()
    if written is None:
        raise Exhausted(
            _("预算不足:需要 %(amount)s 元,“%(account)s”余额不够。")
            % {"amount": f"{amount:,.2f}", "account": Account(credit).label},
            rule=_("先有预算、后购买服务(102号令第十七条)"),
        )
    return int(written[0])


@cache
def _statement(credit: Account, debit: Account) -> str:
    """The statement that moves money between two accounts; columns, never values."""
    sets, guards = [], ["id = %(line)s"]
    for account, sign in ((credit, "-"), (debit, "+")):
        if account in INSIDE:
            sets.append(f"{account} = {account} {sign} %(amount)s")
    if credit in INSIDE:
        guards.append(f"{credit} >= %(amount)s")
    if credit in OUTSIDE or debit in OUTSIDE:
        sets.append(f"amount = amount {'+' if credit in OUTSIDE else '-'} %(amount)s")
    tied = _tied(credit, debit)
    if tied:
        guards.append("EXISTS (SELECT 1 FROM tied)")
    return f"""
        WITH {tied}
        moved AS (
            UPDATE contracts_budgetline SET {", ".join(sets)}
            WHERE {" AND ".join(guards)} RETURNING id
        )
        INSERT INTO contracts_ledgerentry
            (at, line_id, credit, debit, amount, contract_id, change_id, note)
        SELECT %(at)s, id, '{credit}', '{debit}', %(amount)s, %(contract)s::bigint,
               %(change)s::bigint, %(note)s
        FROM moved RETURNING id
    """  # noqa: S608  the names are those of our own accounts


#: Everybody locks the line before a contract's part of it, so that nobody waits in a circle.
_LINE_FIRST = """locked AS MATERIALIZED (
            SELECT id FROM contracts_budgetline WHERE id = %(line)s FOR UPDATE
        ),"""


def _tied(credit: Account, debit: Account) -> str:
    """The part of the statement that moves the contract's part of the line."""
    if credit in TIED:
        back = f", {debit} = {debit} + %(amount)s" if debit in TIED else ""
        return f"""{_LINE_FIRST}
        tied AS (
            UPDATE contracts_earmark SET {credit} = {credit} - %(amount)s{back}
            WHERE line_id IN (SELECT id FROM locked) AND contract_id = %(contract)s
              AND {credit} >= %(amount)s
            RETURNING id
        ),"""  # noqa: S608  the names are those of our own accounts
    if debit in TIED:
        first = ", ".join("%(amount)s::numeric" if each == debit else "0" for each in TIED)
        return f"""{_LINE_FIRST}
        tied AS (
            INSERT INTO contracts_earmark AS f (contract_id, line_id, {", ".join(TIED)})
            SELECT %(contract)s::bigint, id, {first} FROM locked
            ON CONFLICT (contract_id, line_id) DO UPDATE SET {debit} = f.{debit} + %(amount)s
            RETURNING id
        ),"""  # noqa: S608  the names are those of our own accounts
    return ""


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


def _sides(where: str) -> str:
    """Every entry twice: what it took and what it gave, under ``where``."""
    return f"""
        SELECT {where}, credit AS account, -amount AS amount FROM contracts_ledgerentry
        UNION ALL SELECT {where}, debit, amount FROM contracts_ledgerentry
    """  # noqa: S608  the names are our own


def _columns(table: str, where: str, accounts: tuple[Account, ...]) -> str:
    """A balance a row, of every account of a table."""
    return " UNION ALL ".join(
        f"SELECT {where}, '{each}' AS account, {each} AS held FROM {table}"  # noqa: S608
        for each in accounts
    )


_FAULTS = f"""
    WITH lines AS (
        SELECT line_id AS a, 0 AS b, account, sum(amount) AS told
        FROM ({_sides("line_id")}) AS s GROUP BY 1, 2, 3
    ), outside AS (
        SELECT a, b, 'amount' AS account, -sum(told) AS told FROM lines
        WHERE account IN ('granted', 'brought') GROUP BY 1, 2
    ), contracts AS (
        SELECT contract_id AS a, line_id AS b, account, sum(amount) AS told
        FROM ({_sides("contract_id, line_id")}) AS s
        WHERE account IN ('reserved', 'committed', 'spent') GROUP BY 1, 2, 3
    ), held_lines AS ({_columns("contracts_budgetline", "id AS a, 0 AS b", INSIDE)}
        UNION ALL SELECT id, 0, 'amount', amount FROM contracts_budgetline
    ), held_contracts AS ({_columns("contracts_earmark", "contract_id AS a, line_id AS b", TIED)})
    SELECT 'budget line', h.a::text, h.account, h.held, coalesce(t.told, 0)
    FROM held_lines h LEFT JOIN (
        SELECT * FROM lines UNION ALL SELECT a, b, account, told FROM outside
    ) AS t USING (a, b, account)
    WHERE h.held <> coalesce(t.told, 0)
    UNION ALL
    SELECT 'contract on line', coalesce(h.a, t.a)::text || ' on ' || coalesce(h.b, t.b)::text,
           coalesce(h.account, t.account), coalesce(h.held, 0), coalesce(t.told, 0)
    FROM held_contracts h FULL JOIN contracts t USING (a, b, account)
    WHERE coalesce(h.held, 0) <> coalesce(t.told, 0)
    UNION ALL
    SELECT 'contract', c.number, 'spent', c.spent, coalesce(sum(f.spent), 0)
    FROM contracts_contract c LEFT JOIN contracts_earmark f ON f.contract_id = c.id
    GROUP BY c.id HAVING c.spent <> coalesce(sum(f.spent), 0)
"""  # noqa: S608  the names are our own
