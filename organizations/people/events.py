"""Hooks of people for the packages above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    """Open cases that stand under one person's name in a membership, of one kind.

    ``words`` says what they are (``%(count)s``). ``passes`` says that a colleague in the same seat may carry them on;
    others are given to somebody else where they are decided, which ``words`` says too.
    """

    words: Words
    count: int
    passes: bool = True


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
