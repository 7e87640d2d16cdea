"""Tables whose rows are never changed or deleted, enforced by the database."""

from __future__ import annotations

import pgtrigger


def append_only(*, sealed: str = "") -> list[pgtrigger.Trigger]:
    """Triggers that refuse every update, delete and truncate of a table.

    ``sealed`` is the column of a sealed text, which ``rotate_keys`` encrypts anew: it may change, alone, together
    with the number of its key.
    """
    return [
        _but_for_its_key(sealed)
        if sealed
        else pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
        ),
    ]


def _but_for_its_key(column: str) -> pgtrigger.Trigger:
    """The trigger that lets one column be encrypted with another key, whose number is its first byte."""
    return pgtrigger.Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE'
                AND to_jsonb(NEW) - '{column}' = to_jsonb(OLD) - '{column}'
                AND length(NEW."{column}") > 0
                AND substring(NEW."{column}" FOR 1) <> substring(OLD."{column}" FOR 1) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'append-only: % of % is refused', TG_OP, TG_TABLE_NAME;
        """,
    )
