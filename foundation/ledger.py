"""A ledger: amounts move from account to account, each in one guarded statement with its entry.

A line (of a budget, of a charity's stock) has a column for each of its accounts; an entry says how
much moved from one (``credit``) to another (``debit``). Accounts outside the line have no
column: ``given`` is the sum of what came from them. Some accounts are repeated in the parts of
a line, one row for each contract or purpose.

One statement changes the line and its part and writes the entry, or does nothing. Nothing is
read before it is written: the statement refuses to go below zero, and so do check constraints
of the tables. Amounts are ``Decimal``: CNY, or pieces of goods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Generic, TypeVar, cast

from django.db import connection, models, transaction
from django.db.models import Case, F, Q, Sum, Value, When
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from foundation import moments

Entry = TypeVar("Entry", bound=models.Model)

LESS, MORE = SQL("{0} = {0} - %(amount)s"), SQL("{0} = {0} + %(amount)s")
ENOUGH = SQL("{} >= %(amount)s")
COMMA, AND = SQL(", "), SQL(" AND ")


class NotEnough(Exception):
    """The account, or the named part of it, holds less than the amount."""


@dataclass(frozen=True)
class Part:
    """Accounts of a line that are repeated for each ``key`` (a contract, say) in a row of ``model``.

    ``key`` is a field of the row and of the entry; ``columns`` maps accounts to columns of the row.
    """

    model: type[models.Model]
    key: str
    columns: Mapping[str, str]

    @property
    def key_column(self) -> str:
        """The column of ``key``, the same in the row and in the entry."""
        return _column(self.model, self.key)


@dataclass(frozen=True, eq=False)
class Ledger(Generic[Entry]):
    """The lines and entries of one kind of amount.

    ``line`` and ``amount`` are the fields of an entry that say where and how much. ``given`` is the
    line's column of what came from the accounts ``outside``; each account ``inside`` is a column.
    """

    lines: type[models.Model]
    entries: type[Entry]
    line: str
    amount: str
    given: str
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    parts: tuple[Part, ...] = ()

    @transaction.atomic
    def transfer(self, line_id: int, amount: Decimal, credit: str, debit: str, **values: Any) -> int | None:
        """Move ``amount`` from ``credit`` to ``debit`` of a line; the primary key of the entry.

        ``values`` are the other columns of the entry. Zero moves nothing and returns None. Raises
        ``NotEnough``, and ``ValueError`` for a negative amount or a part without its key.
        """
        if amount == 0:
            return None
        if amount < 0:
            raise ValueError("an amount is never negative; exchange the accounts")
        for part in self.parts:
            if (credit in part.columns or debit in part.columns) and not values.get(part.key_column):
                raise ValueError(f"{credit} → {debit} is of a {part.key}; name it")
        given = {"line": line_id, "amount": amount, "at": moments.now(), **values}
        with connection.cursor() as cursor:
            cursor.execute(_transfer_statement(self, credit, debit), given)
            written = cursor.fetchone()
        if written is None:
            raise NotEnough(credit)
        return int(written[0])

    def behind(self, figure: str) -> models.QuerySet[Entry]:
        """The entries behind a figure of the line (an account, or ``given``).

        Each is annotated with ``signed``: the amount that it added to the figure.
        """
        names = self.outside if figure == self.given else (figure,)
        plus = Q(credit__in=names) if figure == self.given else Q(debit=figure)
        less = Value(Decimal("0")) - F(self.amount)
        found = self.entries._default_manager.filter(Q(credit__in=names) | Q(debit__in=names))
        signed = Case(When(plus, then=F(self.amount)), default=less)
        return cast("models.QuerySet[Entry]", found.annotate(signed=signed))

    def total(self, entries: models.QuerySet[Entry]) -> Decimal:
        """The sum of ``signed`` of annotated entries."""
        return entries.aggregate(total=Sum("signed"))["total"] or Decimal("0")

    def faults(self) -> Iterator[str]:
        """Every balance that is not the sum of its entries, in words; none if all is well."""
        line = {self.line_column: "id"}
        columns = {name: name for name in (self.given, *self.inside)}
        kind = str(self.lines._meta.verbose_name)
        yield from _differences(kind, _comparison_statement(self, self.lines, line, columns))
        for part in self.parts:
            keys = {part.key_column: part.key_column, self.line_column: self.line_column}
            yield from _differences(
                f"{part.key} on line", _comparison_statement(self, part.model, keys, part.columns)
            )

    @property
    def line_column(self) -> str:
        """The column of an entry that refers to its line."""
        return _column(self.entries, self.line)


@cache
def _transfer_statement(ledger: Ledger[Any], credit: str, debit: str) -> str:
    """The statement that moves an amount between these two accounts."""
    sets, guards = _changes(ledger, credit, debit)
    part = _part_clause(ledger, credit, debit)
    if part is not None:
        guards.append(SQL("EXISTS (SELECT 1 FROM moved_part)"))
    known = ["at", ledger.line_column, "credit", "debit", ledger.amount]
    others = [f.attname for f in ledger.entries._meta.concrete_fields if f.attname not in (*known, "id")]
    statement = SQL(
        """
        WITH {part} moved AS (UPDATE {lines} SET {sets} WHERE {guards} RETURNING id)
        INSERT INTO {entries} ({columns})
        SELECT %(at)s, id, {credit}, {debit}, %(amount)s, {others} FROM moved RETURNING id
        """
    )
    return statement.format(
        part=part or SQL(""),
        lines=_table(ledger.lines),
        sets=COMMA.join(sets),
        guards=AND.join(guards),
        entries=_table(ledger.entries),
        columns=COMMA.join(map(Identifier, [*known, *others])),
        credit=Literal(str(credit)),
        debit=Literal(str(debit)),
        others=COMMA.join(map(_placeholder, others)),
    ).as_string()


def _changes(ledger: Ledger[Any], credit: str, debit: str) -> tuple[list[Composable], list[Composable]]:
    """The assignments and the conditions of the update of the line."""
    sets: list[Composable] = []
    guards: list[Composable] = [SQL("id = %(line)s")]
    if credit in ledger.inside:
        sets.append(LESS.format(Identifier(credit)))
        guards.append(ENOUGH.format(Identifier(credit)))
    if debit in ledger.inside:
        sets.append(MORE.format(Identifier(debit)))
    if credit in ledger.outside or debit in ledger.outside:
        sets.append((MORE if credit in ledger.outside else LESS).format(Identifier(ledger.given)))
    return sets, guards


def _part_clause(ledger: Ledger[Any], credit: str, debit: str) -> Composed | None:
    """The clause of the statement that changes a part of the line; None if neither account has parts.

    The line is locked before its parts by every statement, so that there are no deadlocks. Raises
    ``ValueError`` if the accounts have different kinds of parts.
    """
    touched = [part for part in ledger.parts if credit in part.columns or debit in part.columns]
    if not touched:
        return None
    if len(touched) > 1:
        raise ValueError(f"{credit} → {debit}: goes by way of an account that has no parts")
    (part,) = touched
    moving = _part_withdrawal if credit in part.columns else _part_deposit
    return SQL(
        """
        locked AS MATERIALIZED (SELECT id FROM {lines} WHERE id = %(line)s FOR UPDATE),
        moved_part AS ({part} RETURNING id),
        """
    ).format(lines=_table(ledger.lines), part=moving(ledger, part, credit, debit))


def _part_withdrawal(ledger: Ledger[Any], part: Part, credit: str, debit: str) -> Composed:
    """Subtract from an account of an existing part; add to ``debit`` if it is an account of it."""
    changes = [LESS.format(Identifier(part.columns[credit]))]
    if debit in part.columns:
        changes.append(MORE.format(Identifier(part.columns[debit])))
    return SQL(
        """
        UPDATE {parts} SET {changes}
        WHERE {line} IN (SELECT id FROM locked) AND {key} = {given} AND {enough}
        """
    ).format(
        parts=_table(part.model),
        changes=COMMA.join(changes),
        line=Identifier(ledger.line_column),
        key=Identifier(part.key_column),
        given=_placeholder(part.key_column),
        enough=ENOUGH.format(Identifier(part.columns[credit])),
    )


def _part_deposit(ledger: Ledger[Any], part: Part, credit: str, debit: str) -> Composed:
    """Add to an account of a part, which is inserted if it is not there."""
    column, keys = part.columns[debit], [part.key_column, ledger.line_column]
    first = [SQL("%(amount)s") if name == column else SQL("0") for name in part.columns.values()]
    return SQL(
        """
        INSERT INTO {parts} AS part ({columns}) SELECT {given}, id, {first} FROM locked
        ON CONFLICT ({keys}) DO UPDATE SET {column} = part.{column} + %(amount)s
        """
    ).format(
        parts=_table(part.model),
        columns=COMMA.join(map(Identifier, [*keys, *part.columns.values()])),
        given=_placeholder(part.key_column),
        first=COMMA.join(first),
        keys=COMMA.join(map(Identifier, keys)),
        column=Identifier(column),
    )


def _comparison_statement(
    ledger: Ledger[Any], model: type[models.Model], keys: Mapping[str, str], columns: Mapping[str, str]
) -> str:
    """The statement that compares the columns of a table with the sums of the entries.

    ``keys`` maps columns of the entry to those of the table, ``columns`` accounts to columns. Each
    row of the result is a difference: the keys, the account, the balance, the sum of the entries.
    """
    statement = SQL(
        """
        WITH booked AS (
            SELECT {entry_keys}, side.account, sum(side.amount) AS booked
            FROM {entries} e CROSS JOIN LATERAL (VALUES
                (e.credit, -e.{amount}), (e.debit, e.{amount}),
                ({given}, CASE WHEN e.credit IN ({outside}) THEN e.{amount}
                               WHEN e.debit IN ({outside}) THEN -e.{amount} ELSE 0 END)
            ) AS side (account, amount)
            WHERE side.account IN ({accounts}) GROUP BY {entry_keys}, side.account
        ), held AS (
            SELECT {held_keys}, side.account, side.held
            FROM {table} h CROSS JOIN LATERAL (VALUES {columns}) AS side (account, held)
        )
        SELECT {keys}, account, coalesce(held, 0), coalesce(booked, 0)
        FROM held FULL JOIN booked USING ({keys}, account)
        WHERE coalesce(held, 0) <> coalesce(booked, 0)
        """
    )
    return statement.format(
        entries=_table(ledger.entries),
        table=_table(model),
        amount=Identifier(ledger.amount),
        given=Literal(ledger.given),
        outside=COMMA.join(Literal(str(name)) for name in ledger.outside),
        accounts=COMMA.join(Literal(str(name)) for name in columns),
        keys=COMMA.join(map(Identifier, keys)),
        entry_keys=COMMA.join(Identifier("e", name) for name in keys),
        held_keys=COMMA.join(
            SQL("{} AS {}").format(Identifier("h", column), Identifier(name)) for name, column in keys.items()
        ),
        columns=COMMA.join(
            SQL("({}, {})").format(Literal(str(name)), Identifier("h", column))
            for name, column in columns.items()
        ),
    ).as_string()


def _differences(kind: str, statement: str) -> Iterator[str]:
    """The differences that a comparison statement finds, in words."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for *keys, account, held, booked in cursor.fetchall():
            where = " on ".join(map(str, keys))
            yield f"{kind} {where} {account}: {held} held, {booked} told by the entries"


def _column(model: type[models.Model], name: str) -> str:
    """The column of a field."""
    return str(cast("models.Field[Any, Any]", model._meta.get_field(name)).column)


def _table(model: type[models.Model]) -> Identifier:
    return Identifier(model._meta.db_table)


def _placeholder(name: str) -> SQL:
    """The placeholder of a parameter in a statement."""
    return SQL(f"%({name})s")
