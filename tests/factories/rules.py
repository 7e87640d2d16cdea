"""Rules of the day, changed as two officers change them."""

from __future__ import annotations

from typing import Any

from demo.starter.places_and_people import actor
from foundation.rules import changing, reading
from foundation.rules.models import RuleVersion


def rule(key: str, **changed: Any) -> RuleVersion:
    """A rule with some values changed, in force under four eyes."""
    value = {**reading.current(key).value, **changed}
    version = changing.propose(by=actor("minzheng"), rule=key, value=value, note="试行")
    return changing.approve(version, by=actor("minzheng2"))
