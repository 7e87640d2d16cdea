"""What an upper floor registers runs where the lower floor calls its hook."""

from __future__ import annotations

import pytest

from foundation.hooks import Hook
from foundation.refusals import Refused


def test_whoever_is_registered_is_called_in_order_and_answers():
    hook: Hook[[int], str] = Hook()

    @hook.register
    def first(number: int) -> str:
        return f"first {number}"

    @hook.register
    def second(number: int) -> str:
        return f"second {number}"

    assert hook.call(3) == ["first 3", "second 3"]
    assert first(4) == "first 4"


def test_nobody_registered_is_nothing_answered():
    hook: Hook[[], str] = Hook()
    assert hook.call() == []


def test_a_refusal_goes_to_the_caller_and_the_next_is_not_asked():
    asked = []
    hook: Hook[[], None] = Hook()

    @hook.register
    def refuses() -> None:
        raise Refused("no")

    @hook.register
    def comes_later() -> None:
        asked.append("later")

    with pytest.raises(Refused):
        hook.call()
    assert asked == []
