"""Database triggers that refuse every change of a published edition."""

from __future__ import annotations

import pgtrigger

from catalog.editions.states import PUBLISHED, SAYS_WHY, EditionStatus
from foundation.lifecycle.phases import PREPARED
from foundation.sql_lists import quoted_list


def frozen_once_published() -> list[pgtrigger.Trigger]:
    """Triggers for a table whose rows belong to an edition (``edition_id``).

    Rows may be inserted, changed and deleted only while the edition is a draft, so what was sent to
    consultation is what is approved. The edition's row is locked against a transition at the same moment.
    """
    return [
        pgtrigger.Trigger(
            name="published_is_law",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("state", "text")],
            func="""
                FOR state IN
                    SELECT status FROM catalog_edition
                    WHERE (TG_OP <> 'INSERT' AND id = OLD.edition_id)
                       OR (TG_OP <> 'DELETE' AND id = NEW.edition_id)
                    FOR SHARE
                LOOP
                    IF state NOT IN (PREPARED) THEN
                        RAISE EXCEPTION '%: a published edition cannot be changed', TG_TABLE_NAME
                            USING ERRCODE = 'check_violation';
                    END IF;
                END LOOP;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            """.replace("PREPARED", quoted_list(EditionStatus.in_phase(PREPARED))),
        ),
        no_truncate(),
    ]


def no_truncate() -> pgtrigger.Trigger:
    """A trigger that refuses TRUNCATE, which row triggers do not see."""
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION '% is law and cannot be truncated', TG_TABLE_NAME;",
    )


def only_status_changes() -> pgtrigger.Trigger:
    """The trigger of the edition itself: once published, only its status changes.

    A withdrawal writes its reason in the same statement; published editions are never deleted.
    """
    unless_it_says_why = "".join(
        f"\n                       AND NOT (NEW.status = '{state}' AND OLD.status <> NEW.status)"
        for state in EditionStatus.with_trait(SAYS_WHY)
    )
    return pgtrigger.Trigger(
        name="published_is_law",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF OLD.status IN ({quoted_list(EditionStatus.in_phase(PUBLISHED))}) THEN
                IF TG_OP = 'DELETE'
                   OR to_jsonb(NEW) - 'status' - 'withdrawal'
                      <> to_jsonb(OLD) - 'status' - 'withdrawal'
                   OR (NEW.withdrawal <> OLD.withdrawal{unless_it_says_why}) THEN
                    RAISE EXCEPTION 'catalog.Edition: a published edition cannot be changed'
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def term_only_ends() -> pgtrigger.Trigger:
    """The trigger of a term: it may be ended once, and never be deleted."""
    return pgtrigger.Trigger(
        name="term_only_ends",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'DELETE' OR OLD.until IS NOT NULL
               OR to_jsonb(NEW) - 'until' <> to_jsonb(OLD) - 'until' THEN
                RAISE EXCEPTION 'catalog.Term: a term ends once and stays'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
