"""Hooks of contracts: packages above register what they do, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from foundation.hooks import Hook
from foundation.refusals import Refused
from foundation.roles import Actor

if TYPE_CHECKING:
    from contracts.contracts.models import Contract
    from foundation.lifecycle.models import LifecycleModel

#: Both sides have signed.
on_signed: Hook[[Contract], None] = Hook()


#: A contract was cancelled before both had signed; with the reason. Its money is free.
on_cancelled: Hook[[Contract, str], None] = Hook()


#: What a buyer's direct contracts of a budget year come to is another by this contract; the year is held
#: (``direct.hold_the_year``).
on_direct_amounts: Hook[[Contract], None] = Hook()


#: The last day is near, and notices about that day have not been sent: notify those served.
before_end: Hook[[Contract], None] = Hook()


#: A contract, or some of its lines, have ended: no units can be taken from these lines (keys)
#: any more, and open work on them must be moved. With who ended them, and why.
on_end: Hook[[list[int], Actor, str], None] = Hook()


#: Why ended contracts are not settled yet, by primary key: delivered work may still be recorded.
missing_for_settling: Hook[[Sequence[Contract]], Mapping[int, Refused]] = Hook()


#: Gives what waits for a contract to be settled.
waiting_for_settlement: Hook[[Contract], Sequence[LifecycleModel]] = Hook()


#: Gives what waits for a contract to be signed.
due_with: Hook[[Contract], Sequence[LifecycleModel]] = Hook()


#: Before a contract is renewed; refuse where its purchase forbids that.
before_renewing: Hook[[Contract], None] = Hook()


#: Before a contract is amended, with the units added to each line (``{line key: units}``) and the
#: new last day; refuse where that exceeds its purchase.
before_amending: Hook[[Contract, dict[int, int], date], None] = Hook()
