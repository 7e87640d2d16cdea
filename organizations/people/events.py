"""Hooks of people for the packages above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from foundation.hooks import Hook
from foundation.refusals import Words
from foundation.roles import Actor
from organizations.bodies.models import Organization

if TYPE_CHECKING:
    from organizations.people.models import Membership, User

#: Called after somebody has declared a conflict of interest with an organization.
conflict_declared: Hook[[Organization], None] = Hook()


@dataclass(frozen=True)
class Carried:
    """What is open and stands under one person's name in a membership, of one kind.

    ``words`` says what it is (``%(count)s``). ``passes`` says that a colleague in the same seat may carry it on;
    other kinds are given to somebody else where they are decided, which ``words`` says too. ``found`` are the objects,
    of which whoever sees them is shown each, ``number`` says how many where they are of several tables.
    """

    words: Words
    found: QuerySet[Any] | None = None
    passes: bool = True
    number: int = 0

    @cached_property
    def count(self) -> int:
        """How many there are; they are counted when that is asked."""
        return self.number if self.found is None else self.found.count()

    @property
    def label(self) -> str:
        """The label of the model of the objects; "" for what is no object."""
        return "" if self.found is None else self.found.model._meta.label

    def names(self, most: int) -> list[str]:
        """The first of the objects by their numbers."""
        return [] if self.found is None else [str(one) for one in self.found.order_by("pk")[:most]]


#: Called after somebody has been given a membership.
given: Hook[[Membership], None] = Hook()


#: Gives what stands under the name of whoever holds a membership.
carried: Hook[[Membership], Sequence[Carried]] = Hook()


#: Called after something has ended by which a person or his programs act: all that was open, the password, a membership.
ended: Hook[[User], None] = Hook()


#: Called after somebody holds nothing of his own any more: what is lent to him, or was asked for him, ends with it.
left: Hook[[User], None] = Hook()


#: Called after a person has set a new password.
password_set: Hook[[User], None] = Hook()


#: Called to hand what a colleague may carry on from one membership to another, by whoever ends the first.
handed_on: Hook[[Membership, Membership, Actor], None] = Hook()
