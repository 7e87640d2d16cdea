"""A ledger: amounts move from account to account, each move in one guarded statement with its entry.

A line (of a budget, of a charity's store) has a column for each of its accounts; an entry says how
much moved out of which (``credit``) into which (``debit``). Accounts outside the line have no
column: what came from them is what the line was ``given``. Some accounts stand once more in the
parts of a line, a row for each contract or purpose.

One statement changes the line and its part and writes the entry: all of it or nothing. Nothing is
read before it is written; the statement itself refuses to go below zero, and constraints of the
tables stand behind it.
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
    """The account, or the part that was named, holds less than is asked of it."""


@dataclass(frozen=True)
class Part:
    """Accounts of a line that stand once more for each ``key`` (a contract, say) in a row of ``model``.

    ``key`` is a field of the row and of the entry; ``columns`` says in which column an account stands.
    """

    model: type[models.Model]
    key: str
    columns: Mapping[str, str]

    @property
    def key_column(self) -> str:
        """The column of ``key``, in the row as in the entry."""
        return _column(self.model, self.key)


@dataclass(frozen=True, eq=False)
class Ledger(Generic[Entry]):
    """The lines and entries of one kind of amount.

    ``line`` and ``amount`` are the fields of an entry that say where and how much; ``given`` is the
    line's column of what came from ``outside``, and each account ``inside`` is a column of the line.
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
    def transfer(self, line_id: int, amount: Decimal, credit: str, debit: str, **told: Any) -> int | None:
        """Move ``amount`` out of ``credit`` into ``debit`` of a line; the entry's key.

        ``told`` is every other column of the entry. Zero moves nothing and gives ``None``. Raises
        ``NotEnough``, and ``ValueError`` for a negative amount and for a part that is not named.
        """
        if amount == 0:
            return None
        if amount < 0:
            raise ValueError("an amount is never negative; exchange the accounts")
        for part in self.parts:
            if (credit in part.columns or debit in part.columns) and not told.get(part.key_column):
                raise ValueError(f"{credit} → {debit} is of a {part.key}; name it")
        given = {"line": line_id, "amount": amount, "at": moments.now(), **told}
        with connection.cursor() as cursor:
            cursor.execute(_moving(self, credit, debit), given)
            written = cursor.fetchone()
        if written is None:
            raise NotEnough(credit)
        return int(written[0])

    def behind(self, figure: str) -> models.QuerySet[Entry]:
        """The entries behind a figure of the line (an account, or ``given``), each with ``signed``:
        what it added to it.
        """
        names = self.outside if figure == self.given else (figure,)
        plus = Q(credit__in=names) if figure == self.given else Q(debit=figure)
        less = Value(Decimal("0")) - F(self.amount)
        found = self.entries._default_manager.filter(Q(credit__in=names) | Q(debit__in=names))
        signed = Case(When(plus, then=F(self.amount)), default=less)
        return cast("models.QuerySet[Entry]", found.annotate(signed=signed))

    def total(self, entries: models.QuerySet[Entry]) -> Decimal:
        """The sum of ``signed`` of entries."""
        return entries.aggregate(total=Sum("signed"))["total"] or Decimal("0")

    def faults(self) -> Iterator[str]:
        """Every balance that is not the sum of its entries, in words; none is what is wanted."""
        line = {self.line_column: "id"}
        columns = {name: name for name in (self.given, *self.inside)}
        kind = str(self.lines._meta.verbose_name)
        yield from _told(kind, _comparing(self, self.lines, line, columns))
        for part in self.parts:
            keys = {part.key_column: part.key_column, self.line_column: self.line_column}
            yield from _told(f"{part.key} on line", _comparing(self, part.model, keys, part.columns))

    @property
    def line_column(self) -> str:
        """The column of an entry that names its line."""
        return _column(self.entries, self.line)


@cache
def _moving(ledger: Ledger[Any], credit: str, debit: str) -> str:
    """The statement that moves an amount between two accounts; it differs in its columns."""
    sets, guards = _changes(ledger, credit, debit)
    tied = _tied(ledger, credit, debit)
    if tied is not None:
        guards.append(SQL("EXISTS (SELECT 1 FROM tied)"))
    known = ["at", ledger.line_column, "credit", "debit", ledger.amount]
    told = [f.attname for f in ledger.entries._meta.concrete_fields if f.attname not in (*known, "id")]
    statement = SQL(
        """
        WITH {tied} moved AS (UPDATE {lines} SET {sets} WHERE {guards} RETURNING id)
        INSERT INTO {entries} ({columns})
        SELECT %(at)s, id, {credit}, {debit}, %(amount)s, {told} FROM moved RETURNING id
        """
    )
    return statement.format(
        tied=tied or SQL(""),
        lines=_table(ledger.lines),
        sets=COMMA.join(sets),
        guards=AND.join(guards),
        entries=_table(ledger.entries),
        columns=COMMA.join(map(Identifier, [*known, *told])),
        credit=Literal(str(credit)),
        debit=Literal(str(debit)),
        told=COMMA.join(map(_given, told)),
    ).as_string()


def _changes(ledger: Ledger[Any], credit: str, debit: str) -> tuple[list[Composable], list[Composable]]:
    """What changes in the line, and what is asked of it first."""
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


def _tied(ledger: Ledger[Any], credit: str, debit: str) -> Composed | None:
    """The beginning of the statement that moves a part of the line, where an account has parts.

    Everybody locks the line before its parts, so that nobody waits in a circle. Raises
    ``ValueError`` for accounts of two kinds of part.
    """
    touched = [part for part in ledger.parts if credit in part.columns or debit in part.columns]
    if not touched:
        return None
    if len(touched) > 1:
        raise ValueError(f"{credit} → {debit}: goes by way of an account that has no parts")
    (part,) = touched
    moving = _taking if credit in part.columns else _putting
    return SQL(
        """
        locked AS MATERIALIZED (SELECT id FROM {lines} WHERE id = %(line)s FOR UPDATE),
        tied AS ({part} RETURNING id),
        """
    ).format(lines=_table(ledger.lines), part=moving(ledger, part, credit, debit))


def _taking(ledger: Ledger[Any], part: Part, credit: str, debit: str) -> Composed:
    """Take out of an account of a part that is there, perhaps into another account of it."""
    transitions = [LESS.format(Identifier(part.columns[credit]))]
    if debit in part.columns:
        transitions.append(MORE.format(Identifier(part.columns[debit])))
    return SQL(
        """
        UPDATE {parts} SET {transitions}
        WHERE {line} IN (SELECT id FROM locked) AND {key} = {given} AND {enough}
        """
    ).format(
        parts=_table(part.model),
        transitions=COMMA.join(transitions),
        line=Identifier(ledger.line_column),
        key=Identifier(part.key_column),
        given=_given(part.key_column),
        enough=ENOUGH.format(Identifier(part.columns[credit])),
    )


def _putting(ledger: Ledger[Any], part: Part, credit: str, debit: str) -> Composed:
    """Put into an account of a part, which is made now if it is not there."""
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
        given=_given(part.key_column),
        first=COMMA.join(first),
        keys=COMMA.join(map(Identifier, keys)),
        column=Identifier(column),
    )


def _comparing(
    ledger: Ledger[Any], model: type[models.Model], keys: Mapping[str, str], columns: Mapping[str, str]
) -> str:
    """The statement that holds the columns of a table against what the entries took and gave.

    ``keys`` maps columns of the entry to those of the table, ``columns`` accounts to columns.
    """
    statement = SQL(
        """
        WITH told AS (
            SELECT {entry_keys}, side.account, sum(side.amount) AS told
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
        SELECT {keys}, account, coalesce(held, 0), coalesce(told, 0)
        FROM held FULL JOIN told USING ({keys}, account)
        WHERE coalesce(held, 0) <> coalesce(told, 0)
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


def _told(kind: str, statement: str) -> Iterator[str]:
    """What a comparing statement finds, in words."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for *keys, account, held, told in cursor.fetchall():
            where = " on ".join(map(str, keys))
            yield f"{kind} {where} {account}: {held} held, {told} told by the entries"


def _column(model: type[models.Model], name: str) -> str:
    """The column of a field."""
    return str(cast("models.Field[Any, Any]", model._meta.get_field(name)).column)


def _table(model: type[models.Model]) -> Identifier:
    return Identifier(model._meta.db_table)


def _given(name: str) -> SQL:
    """The place of a value in a statement."""
    return SQL(f"%({name})s")
