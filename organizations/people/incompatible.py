"""Roles that one person must not hold at the same time: who buys does not deliver, pay or audit (S33).

Evaluators are not in the table: conflicts of interest of experts are checked case by case
(``organizations.people.conflicts``).
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


def _pair(one: Role, other: Role) -> frozenset[Role]:
    """Two roles, in whatever order."""
    return frozenset((one, other))


#: Pairs of roles that one person must not hold at the same time.
PAIRS = frozenset(
    {
        _pair(Role.CIVIL_AFFAIRS, Role.FINANCE),
        _pair(Role.CIVIL_AFFAIRS, Role.AUDITOR),
        _pair(Role.CIVIL_AFFAIRS, Role.COORDINATOR),
        _pair(Role.CIVIL_AFFAIRS, Role.SOCIAL_WORKER),
        _pair(Role.FINANCE, Role.AUDITOR),
        _pair(Role.FINANCE, Role.COORDINATOR),
        _pair(Role.FINANCE, Role.SOCIAL_WORKER),
        _pair(Role.AUDITOR, Role.COORDINATOR),
        _pair(Role.AUDITOR, Role.SOCIAL_WORKER),
        _pair(Role.WINDOW, Role.COORDINATOR),
        _pair(Role.WINDOW, Role.SOCIAL_WORKER),
    }
)


def clash(one: str, other: str) -> bool:
    """Whether one person must not hold both roles at the same time."""
    return _pair(Role(one), Role(other)) in PAIRS


def compatible(held: Iterable[Membership]) -> list[Membership]:
    """The memberships that may be used: one that clashes with an earlier one of the list is left out."""
    usable: list[Membership] = []
    for membership in held:
        if not any(clash(membership.role, earlier.role) for earlier in usable):
            usable.append(membership)
    return usable


def require_compatible(held: Iterable[Membership], role: str, first: date, last: date | None) -> None:
    """Raise ``Invalid`` for a role that clashes with one that the person holds in the same days."""
    for membership in held:
        overlaps = (last is None or membership.valid_from <= last) and (
            membership.valid_to is None or membership.valid_to >= first
        )
        if overlaps and clash(membership.role, role):
            message = _("“%(first)s”和“%(second)s”是不相容的职责，不能由同一人担任。") % {
                "first": Role(membership.role).label,
                "second": Role(role).label,
            }
            raise Invalid(message, fields={"role": message}, rule="S33")
