"""The database trigger that refuses every change of status that the table does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db.models import Func, TextField, Value
from django.db.models.lookups import Exact

if TYPE_CHECKING:
    from foundation.lifecycle.table import Lifecycle


#: The variable of a transaction that names the running transition, and the row that it moves, to the trigger.
MOVE_VARIABLE = "liandong.move"


def named(table: Lifecycle, transition: str, pk: int) -> Exact:
    """A condition that always holds, and names the running transition to the trigger in the statement that moves
    the row.
    """
    move = running(table, transition, pk)
    return Exact(
        Func(Value(MOVE_VARIABLE), Value(move), Value(True), function="set_config", output_field=TextField()),
        move,
    )


def running(table: Lifecycle, transition: str, pk: int) -> str:
    """The value of ``MOVE_VARIABLE`` while that transition moves the row of that key.

    It is good for one change of that row: the trigger clears it.
    """
    return f"{table.label}.{transition}/{pk}"


def by_the_table(table: Lifecycle) -> pgtrigger.Trigger:
    """The trigger of the model of the table: a change of status passes once, while its transition runs on the row."""
    rows = sorted(
        (source, row.arrow.end(source), f"{table.label}.{row.name}")
        for row in table.transitions
        for source in row.arrow.sources
        if source != row.arrow.end(source)
    )
    column = f'"{table.field_name}"'
    # A table without transitions refuses every change.
    quoted = ", ".join(f"('{a}', '{b}', '{c}')" for a, b, c in rows or [("", "", "")])
    initial = ", ".join(f"'{row}'" for row in sorted({s.state for s in table.starts}))
    return pgtrigger.Trigger(
        name=f"{table.field_name}_by_the_table",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("move", "text")],
        func=f"""
                IF TG_OP = 'INSERT' THEN
                    IF NEW.{column} NOT IN ({initial}) THEN
                        RAISE EXCEPTION '{table.label}: nothing begins as %', NEW.{column}
                            USING ERRCODE = 'check_violation';
                    END IF;
                ELSIF NEW.{column} IS DISTINCT FROM OLD.{column} THEN
                    move := coalesce(current_setting('{MOVE_VARIABLE}', true), '');
                    IF split_part(move, '/', 2) <> NEW.id::text
                        OR (OLD.{column}, NEW.{column}, split_part(move, '/', 1)) NOT IN ({quoted}) THEN
                        RAISE EXCEPTION '{table.label}: no transition goes from % to %',
                            OLD.{column}, NEW.{column} USING ERRCODE = 'check_violation';
                    END IF;
                    PERFORM set_config('{MOVE_VARIABLE}', '', true);
                END IF;
                RETURN NEW;
            """,
    )
