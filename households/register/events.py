"""Hooks on which floors above act or object, since they have open work for households."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from foundation.hooks import Hook
from foundation.refusals import Refused
from foundation.roles import Actor

if TYPE_CHECKING:
    from foundation.lifecycle.models import LifecycleModel
    from households.consents.models import Consent
    from households.register.models import Household, Person

#: After a consent has ended: providers must stop using what was passed on under it.
on_withdrawal: Hook[[Consent, Actor], None] = Hook()


#: After the death of a member was recorded.
on_death: Hook[[Household, Person, Actor], None] = Hook()


#: When a person has left a household, or has died; without a person while the household is being closed, or merged
#: into another: it still stands in its state then.
on_end: Hook[[Household, Person | None], None] = Hook()


#: Gives what waits for somebody about a household: it shows where the household lives, and to whom.
open_work: Hook[[Household], Sequence[LifecycleModel]] = Hook()


#: Why households are not closed yet, by primary key: there is open work for them.
missing_for_closing: Hook[[Sequence[Household]], Mapping[int, Refused]] = Hook()
