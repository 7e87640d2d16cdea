"""Which entries of the journal a reader may not see yet, or never: one rule for every door.

A floor above says it of its own kinds of object; page, API and timeline all ask here.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from foundation.roles import Actor

#: Gives what ``reader`` may not see (None: nobody in particular); an empty ``Q`` hides nothing.
Seal = Callable[[Actor | None], Q]

_SEALS: list[Seal] = []


def seal(rule: Seal) -> Seal:
    """Make a rule known: every entry that its ``Q`` finds is left out for that reader."""
    _SEALS.append(rule)
    return rule


def closed_to(reader: Actor | None) -> list[Q]:
    """What the rules of all floors close to ``reader``."""
    return [found for rule in _SEALS if (found := rule(reader))]
