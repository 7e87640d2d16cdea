"""The database trigger that refuses every change of status that the table does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger

if TYPE_CHECKING:
    from foundation.lifecycle.table import Lifecycle


#: The session variable that names the running transition to the trigger.
MOVE_VARIABLE = "liandong.move"


def by_the_table(table: Lifecycle) -> pgtrigger.Trigger:
    """The trigger of the model of the table: a change of status passes only while its transition runs."""
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
        func=f"""
                IF TG_OP = 'INSERT' THEN
                    IF NEW.{column} NOT IN ({initial}) THEN
                        RAISE EXCEPTION '{table.label}: nothing begins as %', NEW.{column}
                            USING ERRCODE = 'check_violation';
                    END IF;
                ELSIF NEW.{column} IS DISTINCT FROM OLD.{column}
                    AND (OLD.{column}, NEW.{column},
                         coalesce(current_setting('{MOVE_VARIABLE}', true), ''))
                        NOT IN ({quoted}) THEN
                    RAISE EXCEPTION '{table.label}: no transition goes from % to %',
                        OLD.{column}, NEW.{column} USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            """,
    )
