"""Hooks of contracts: packages above register what they do, in the caller's transaction."""

from __future__ import annotations

from datetime import date

from contracts.contracts.models import Contract
from foundation.hooks import Hook
from foundation.roles import Actor

#: Both sides have signed.
on_signed: Hook[[Contract], None] = Hook()


#: A contract was cancelled before both had signed; with the reason. Its money is free.
on_cancelled: Hook[[Contract, str], None] = Hook()


#: The last day is near, and notices about that day have not been sent: notify those served.
before_end: Hook[[Contract], None] = Hook()


#: A contract, or some of its lines, have ended: no units can be taken from these lines (keys)
#: any more, and open work on them must be moved. With who ended them, and why.
on_end: Hook[[list[int], Actor, str], None] = Hook()


#: Before a contract is settled; refuse while delivered work may still be recorded.
before_settling: Hook[[Contract], None] = Hook()


#: Before a contract is renewed; refuse where its purchase forbids that.
before_renewing: Hook[[Contract], None] = Hook()


#: Before a contract is amended, with the units added to each line (``{line key: units}``) and the
#: new last day; refuse where that exceeds its purchase.
before_amending: Hook[[Contract, dict[int, int], date], None] = Hook()
