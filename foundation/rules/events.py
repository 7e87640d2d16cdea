"""What floors above say of a rule while it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foundation.hooks import Hook
from foundation.refusals import Refused
from foundation.rules.defaults import Rule


@dataclass(frozen=True)
class Preview:
    """What a new value would give: what of, the text or figure, and a word about it."""

    label: str
    text: str
    note: str = ""


#: What a value of a rule would give; empty for rules of others.
previews: Hook[[Rule, Mapping[str, Any]], Sequence[Preview]] = Hook()

#: Why a value of the rule with this key may not come into force as things stand; None for no reason against it.
against: Hook[[str, Mapping[str, Any]], Refused | None] = Hook()

#: Another version of the rule with this key has come into force.
put_in_force: Hook[[str], None] = Hook()
