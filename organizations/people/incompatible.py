"""Roles that must not meet in one person: who buys does not deliver, pay or audit (S33).

Which they are is the rule ``people.incompatible``: pairs that never meet, and pairs that meet with a dispensation,
which one administrator asks for and another allows. Evaluators at their own agency are judged case by case
(``organizations.people.conflicts``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from foundation.refusals import Invalid
from foundation.roles import ANSWERS_FOR_A_PROVIDER, Role
from foundation.rules import reading
from foundation.wording import listed, said_together
from organizations.people.states import MembershipStatus
from organizations.people.triggers import INCOMPATIBLE

if TYPE_CHECKING:
    from organizations.people.models import Membership


@dataclass(frozen=True)
class Incompatible:
    """The pairs of roles of the rule in force."""

    never: frozenset[frozenset[str]]
    with_leave: frozenset[frozenset[str]]

    def clash(self, one: str, other: str, *, dispensed: bool = False) -> bool:
        """Whether one person must not hold both roles at the same time, with a dispensation or without."""
        pair = frozenset((one, other))
        return pair in self.never or (pair in self.with_leave and not dispensed)


def in_force() -> Incompatible:
    """The pairs of the rule in force."""
    return of_value(reading.current(INCOMPATIBLE).value)


def of_value(value: Mapping[str, Any]) -> Incompatible:
    """The pairs of a value of the rule."""
    return Incompatible(*(frozenset(map(frozenset, value[name])) for name in ("never", "with_leave")))


def faults_of_pairs(value: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a value of the rule, by its part: a pair that whoever registers a provider holds."""
    founder = {role.value for role in ANSWERS_FOR_A_PROVIDER}
    words = _("自己登记入驻的机构\uff0c第一个人兼任“%(first)s”和“%(second)s”\uff0c这一对不能写进来。")
    first, second = (role.label for role in ANSWERS_FOR_A_PROVIDER)
    said = words % {"first": first, "second": second}
    return {name: said for name in ("never", "with_leave") if founder in map(set, value[name])}


def usable(membership: Membership, held: Sequence[Membership], pairs: Incompatible) -> bool:
    """Whether a membership may be used beside those of ``held``, which the person has, that count in the same days."""
    together = [one for one in held if _overlaps(one, membership.valid_from, membership.valid_to)]
    return membership in compatible(together, pairs)


def compatible(held: Iterable[Membership], pairs: Incompatible | None = None) -> list[Membership]:
    """The memberships that may be used: one that clashes with an earlier one of the list is left out. The pairs are those
    of the rule in force if none are given.
    """
    used: list[Membership] = []
    several = list(held)
    if len({membership.role for membership in several}) < 2:  # the rule is read where it may matter
        return several
    pairs = pairs or in_force()
    for membership in several:
        if not any(_clash(pairs, membership, earlier) for earlier in used):
            used.append(membership)
    return used


def _clash(pairs: Incompatible, one: Membership, other: Membership) -> bool:
    """Whether two memberships of one person must not meet; the leave of one counts for the pair that it names."""
    dispensed = one.role in other.alongside or other.role in one.alongside
    return pairs.clash(one.role, other.role, dispensed=dispensed)


def clashing(held: Iterable[Membership], role: str, first: date, last: date | None) -> list[Membership]:
    """Those of the memberships that a role must not meet in the same days without a dispensation."""
    pairs = in_force()
    return [
        membership
        for membership in held
        if _overlaps(membership, first, last)
        and pairs.clash(membership.role, role, dispensed=role in membership.alongside)
    ]


def in_words(held: Sequence[Membership], roles: Collection[str]) -> str:
    """What somebody holds, and which of several roles that keeps from him, for ever or without leave."""
    pairs = in_force()

    def kept(*, dispensed: bool) -> list[str]:
        return [
            role for role in roles if any(pairs.clash(one.role, role, dispensed=dispensed) for one in held)
        ]

    never = kept(dispensed=True)
    with_leave = [role for role in kept(dispensed=False) if role not in never]
    said = [_("现有的身份：%(roles)s。") % {"roles": _named(one.role for one in held)}] if held else []
    if never:
        said.append(_("不能再担任：%(roles)s。") % {"roles": _named(never)})
    if with_leave:
        said.append(_("另一位管理员批准后才能担任：%(roles)s。") % {"roles": _named(with_leave)})
    return str(said_together(*said))


def _named(roles: Iterable[str]) -> str:
    """Roles by their names, each once."""
    return listed(Role(role).label for role in dict.fromkeys(roles))


def require_compatible(
    held: Iterable[Membership], role: str, first: date, last: date | None, *, alongside: Collection[str] = ()
) -> None:
    """Raise ``Invalid`` for a role that clashes with one that the person holds in the same days (``fault_of``)."""
    if message := fault_of(held, role, first, last, alongside=alongside):
        raise Invalid(message, fields={"role": message}, rule="S33")


def fault_of(
    held: Iterable[Membership], role: str, first: date, last: date | None, *, alongside: Collection[str] = ()
) -> str:
    """What is wrong with a role that clashes with one that the person holds in the same days; "" for nothing.

    Of the roles ``alongside`` which it may stand by leave only those are refused that it never meets.
    """
    for membership, never in _refusing(held, role, first, last, alongside):
        words = (
            _("“%(first)s”和“%(second)s”是不相容的职责，不能由同一人担任。")
            if never
            else _("“%(first)s”和“%(second)s”要另一位管理员批准才能由同一人担任，请申请例外。")
        )
        return words % {"first": Role(membership.role).label, "second": Role(role).label}
    return ""


def dispensable(
    held: Iterable[Membership], role: str, first: date, last: date | None, *, alongside: Collection[str] = ()
) -> bool:
    """Whether a role that is refused (``fault_of``) can be held with a dispensation."""
    found = [never for _membership, never in _refusing(held, role, first, last, alongside)]
    return bool(found) and not any(found)


def _refusing(
    held: Iterable[Membership], role: str, first: date, last: date | None, alongside: Collection[str]
) -> Iterator[tuple[Membership, bool]]:
    """The memberships that keep a role from somebody, and whether they do so even with a dispensation."""
    pairs = in_force()
    for membership in clashing(held, role, first, last):
        if pairs.clash(membership.role, role, dispensed=membership.role in alongside):
            yield membership, pairs.clash(membership.role, role, dispensed=True)


def _overlaps(membership: Membership, first: date, last: date | None) -> bool:
    """Whether a membership counts on one of these days; one that was ended no more on its last day."""
    if last is not None and membership.valid_from > last:
        return False
    end = membership.valid_to
    if end is None:
        return True
    return end > first or (end == first and membership.status in MembershipStatus.unfinished())
