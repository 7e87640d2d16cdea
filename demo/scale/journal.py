"""The journal of the cases, written by the database itself from the referrals that are there."""

from __future__ import annotations

from django.db import connection

from demo.scale.city import ACTOR_OF, AFTER, NAME_OF, City
from demo.scale.planning import ENDS

#: An entry for each transition of each referral; those of a provider's people with their names.
ENTRIES = """
INSERT INTO foundation_entry (
    at, lifecycle, object_id, object_name, move, before, after, actor_id, actor_name, role,
    organization_id, organization_name, reason, basis, request_id, address, key, digest
)
SELECT referral.created_at + (referral.offered_at - referral.created_at) * step.number,
    'referrals.Referral', referral.id, referral.number, step.move, step.before, step.after,
    person.user_id, step.actor_name, step.role, person.organization_id, coalesce(person.name, ''),
    step.reason, 'S28', '', '', '', ''
FROM referrals_referral AS referral
JOIN unnest(%s::text[], %s::int[], %s::text[], %s::jsonb[], %s::jsonb[], %s::text[], %s::text[], %s::text[])
    AS step (status, number, move, before, after, role, actor_name, reason)
    ON step.status = referral.status
LEFT JOIN (
    SELECT provider.id, provider.organization_id, organization.name, membership.user_id, membership.role
    FROM organizations_provider AS provider
    JOIN organizations_organization AS organization ON organization.id = provider.organization_id
    JOIN organizations_membership AS membership ON membership.organization_id = organization.id
) AS person ON person.id = referral.provider_id AND person.role = step.role
WHERE referral.id >= %s
"""

#: The tables that the statement joins.
JOINED = (
    "organizations_provider",
    "organizations_organization",
    "organizations_membership",
    "referrals_referral",
)


def write(city: City) -> None:
    """The entries of all referrals of the city."""
    with connection.cursor() as cursor:
        # Nobody has counted the rows of this transaction: the planner would join each referral with everybody.
        cursor.execute(f"ANALYZE {', '.join(JOINED)}")
        cursor.execute(ENTRIES, [*map(list, zip(*_steps(), strict=True)), city.key.referral])


def _steps() -> list[tuple[str, int, str, str, str, str, str, str]]:
    """The transitions up to each final state: when, what, from which columns to which, by whom, why."""
    steps = []
    for status, _need, _share, _ago, moves in ENDS:
        before = "{}"
        for number, move in enumerate(moves.split()):
            after = f'{{"status": "{AFTER[move]}"}}'
            role = ACTOR_OF[move]
            reason = "no_staff" if move == "decline" else ""
            steps.append((str(status), number, move, before, after, role, NAME_OF[role], reason))
            before = after
    return steps
