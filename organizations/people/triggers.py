"""What the database itself refuses of memberships, also by raw SQL."""

from __future__ import annotations

import json

import pgtrigger

from foundation.lifecycle.phases import ENDED, SERVING
from foundation.rules.defaults import default
from foundation.rules.states import RuleStatus
from organizations.people.states import MembershipStatus

#: The rule that names the roles that must not meet in one person.
INCOMPATIBLE = "people.incompatible"


def refuse_clashing_roles() -> pgtrigger.Trigger:
    """The trigger that refuses two roles of one person on one day that must not meet by the rule in force, or not
    without leave for this pair (``alongside``). An ended membership counts no more on its last day.
    """
    words = {
        "KEY": INCOMPATIBLE,
        "IN_FORCE": "', '".join(RuleStatus.in_phase(SERVING)),
        "ENDED": "', '".join(MembershipStatus.in_phase(ENDED)),
        "DEFAULT": json.dumps(default(INCOMPATIBLE).value, sort_keys=True),
    }
    func = """
        IF EXISTS (
            SELECT 1
            FROM organizations_membership m, (
                SELECT coalesce(
                    (SELECT v.value FROM foundation_ruleversion v WHERE v.key = 'KEY' AND v.status IN ('IN_FORCE')),
                    'DEFAULT'::jsonb
                ) AS value
            ) rule, LATERAL (
                SELECT jsonb_build_array(jsonb_build_array(m.role, NEW.role)) AS both
            ) pair
            WHERE m.user_id = NEW.user_id AND m.id IS DISTINCT FROM NEW.id AND m.role <> NEW.role
                AND (
                    rule.value -> 'never' @> pair.both
                    OR rule.value -> 'with_leave' @> pair.both
                        AND m.role <> ALL (NEW.alongside) AND NEW.role <> ALL (m.alongside)
                )
                AND daterange(m.valid_from, m.valid_to, CASE WHEN m.status IN ('ENDED') THEN '[)' ELSE '[]' END)
                    && daterange(NEW.valid_from, NEW.valid_to, CASE WHEN NEW.status IN ('ENDED') THEN '[)' ELSE '[]' END)
        ) THEN
            RAISE EXCEPTION 'organizations.Membership: % clashes with another duty', NEW.role
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """
    for name, word in words.items():
        func = func.replace(f"'{name}'", f"'{word}'")
    return pgtrigger.Trigger(
        name="duties_that_never_meet",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=func,
    )


def refuse_another_place() -> pgtrigger.Trigger:
    """The trigger that refuses a role that is held for an organization at another place than its own (S34)."""
    return pgtrigger.Trigger(
        name="held_where_the_organization_is",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("organization_id", "place_id"),
        func="""
            IF NEW.place_id IS NOT NULL AND EXISTS (
                SELECT 1 FROM organizations_organization o
                WHERE o.id = NEW.organization_id AND o.place_id IS DISTINCT FROM NEW.place_id
            ) THEN
                RAISE EXCEPTION 'organizations.Membership: % is held for an organization at another place', NEW.role
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
