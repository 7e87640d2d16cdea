"""What happens to a contract, for the floors above."""

from __future__ import annotations

from datetime import date

from contracts.contracts.models import Contract
from foundation.hooks import Hook
from foundation.roles import Actor

#: Both sides have signed.
on_signed: Hook[[Contract], None] = Hook()


#: A contract was dropped for a reason before both had signed; its money is free.
on_cancelled: Hook[[Contract, str], None] = Hook()


#: Its last day comes near, and nobody was told of that day yet: who is served on it must be told.
before_end: Hook[[Contract], None] = Hook()


#: A contract, or lines before their contract, have ended: no units are to be had on these lines
#: (by key) any more, and nothing open may stay on them. With who ended them, and why.
on_end: Hook[[list[int], Actor, str], None] = Hook()


#: It is about to be settled; refused while work may still be told.
before_settling: Hook[[Contract], None] = Hook()


#: It is about to be renewed; refused where what it came of goes on another way.
before_renewing: Hook[[Contract], None] = Hook()


#: It is about to be amended, with the units that each line gets more (``{line: units}``) and the
#: new last day; refused where that goes beyond what it came of.
before_amending: Hook[[Contract, dict[int, int], date], None] = Hook()
