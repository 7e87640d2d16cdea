"""Phases: what a state means for everybody who does not know the table.

A phase is a stretch of the way of an object. Queries, constraints, progress bars and the transitions
that end everything ask for phases, so that a new state is right everywhere by its phase alone.
Packages add phases of their own where the common ones are too coarse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Phases:
    """A set of phases, or with ``all_but`` everything besides them: ``ASKED | SERVING``, ``~PREPARED``."""

    names: frozenset[str]
    all_but: bool = False

    def __contains__(self, phase: object) -> bool:
        return isinstance(phase, Phase) and (phase.name in self.names) is not self.all_but

    def __or__(self, other: Phase | Phases) -> Phases:
        joined = together((other,))
        if self.all_but or joined.all_but:
            raise TypeError("phases that are left out cannot be joined with others")
        return Phases(self.names | joined.names)

    def __invert__(self) -> Phases:
        return Phases(self.names, not self.all_but)


@dataclass(frozen=True)
class Phase:
    """One phase; ``over`` says that the object has come to rest and nothing is awaited from anybody."""

    name: str
    over: bool = False

    def __or__(self, other: Phase | Phases) -> Phases:
        return together((self,)) | other

    def __invert__(self) -> Phases:
        return ~together((self,))


def together(phases: Iterable[Phase | Phases]) -> Phases:
    """The set of all of these; a single set is itself. Raises ``TypeError`` for left-out ones among several."""
    given = tuple(phases)
    if len(given) == 1 and isinstance(given[0], Phases):
        return given[0]
    names: frozenset[str] = frozenset()
    for one in given:
        if isinstance(one, Phases):
            if one.all_but:
                raise TypeError("phases that are left out cannot be joined with others")
            names |= one.names
        else:
            names |= {one.name}
    return Phases(names)


#: Being written; it binds nobody and others do not see it.
PREPARED = Phase("prepared")

#: Somebody has been asked and has not yet answered or decided.
ASKED = Phase("asked")

#: Agreed, and going on.
SERVING = Phase("serving")

#: Interrupted; it may go on.
SUSPENDED = Phase("suspended")

#: The work is over; its result is still to be told, contested, settled or verified.
ANSWERING = Phase("answering")

#: Over, and it came to its end.
ENDED = Phase("ended", over=True)

#: Over without having come to its end: declined, withdrawn, refused, cancelled.
DROPPED = Phase("dropped", over=True)
