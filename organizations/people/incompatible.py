"""Duties that one person must not hold at a time: who buys does not deliver, pay or audit it.

Evaluators are not in the table: whom an expert is tied to is asked case by case (``ties``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from foundation.refusals import Invalid
from foundation.roles import Role

if TYPE_CHECKING:
    from organizations.people.models import Membership


#: Who must not be the same person at a time.
PAIRS = frozenset(
    frozenset(pair)
    for pair in (
        (Role.CIVIL_AFFAIRS, Role.FINANCE),
        (Role.CIVIL_AFFAIRS, Role.AUDITOR),
        (Role.CIVIL_AFFAIRS, Role.COORDINATOR),
        (Role.CIVIL_AFFAIRS, Role.SOCIAL_WORKER),
        (Role.FINANCE, Role.AUDITOR),
        (Role.FINANCE, Role.COORDINATOR),
        (Role.FINANCE, Role.SOCIAL_WORKER),
        (Role.AUDITOR, Role.COORDINATOR),
        (Role.AUDITOR, Role.SOCIAL_WORKER),
        (Role.WINDOW, Role.COORDINATOR),
        (Role.WINDOW, Role.SOCIAL_WORKER),
    )
)


def clash(one: str, other: str) -> bool:
    """Whether one person must not hold both roles at a time."""
    return frozenset((Role(one), Role(other))) in PAIRS


def compatible(held: Iterable[Membership]) -> list[Membership]:
    """Those that may be acted in: a later one that clashes with an earlier one counts for nothing."""
    kept: list[Membership] = []
    for each in held:
        if not any(clash(each.role, one.role) for one in kept):
            kept.append(each)
    return kept


def require_compatible(held: Iterable[Membership], role: str, first: date, last: date | None) -> None:
    """Raise ``Invalid`` for a role that clashes with one that a person holds in the same days."""
    for each in held:
        overlaps = (last is None or each.valid_from <= last) and (
            each.valid_to is None or each.valid_to >= first
        )
        if overlaps and clash(each.role, role):
            message = _("“%(first)s”和“%(second)s”是不相容的职责，不能由同一人担任。") % {
                "first": Role(each.role).label,
                "second": Role(role).label,
            }
            raise Invalid(message, fields={"role": message}, rule="S33")
