"""The system checks of tables: a state has its phase, and what ends everything leaves nothing out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from foundation import checks
from foundation.lifecycle.phases import ASKED, ENDED, PREPARED, SERVING, SUSPENDED, Phase
from foundation.lifecycle.states import AnyOf, Arrow, State, States
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM


class Led(States):
    DRAFT = State("draft", PREPARED)
    OFFERED = State("offered", ASKED)
    RUNNING = State("running", SERVING)
    ON_HOLD = State("on hold", SERVING)
    OVER = State("over", ENDED)


class Bare(States):
    DRAFT = State("draft", PREPARED)
    SENT = "sent", "sent"


@pytest.fixture
def tables() -> Iterator[dict[str, Lifecycle]]:
    """The tables; those that a test adds go away after it."""
    before = dict(LIFECYCLES)
    yield LIFECYCLES
    for label in set(LIFECYCLES) - set(before):
        del LIFECYCLES[label]


def table_of(states: type[States], arrow: Arrow | None = None, besides: tuple[Phase, ...] = ()) -> None:
    """A table with one transition from any state."""
    rows = (
        (Transition("end", arrow, (THE_SYSTEM,), "end", "ended", from_any=True, besides=besides),)
        if arrow
        else ()
    )
    start = Start("begin", next(iter(states)), (THE_SYSTEM,), "begin", "began")
    Lifecycle(label="x.Led", title="", states=states, starts=(start,), transitions=rows)


def left_out() -> list[str]:
    """What the check says."""
    return [str(fault.msg) for fault in checks.what_ends_everything_leaves_nothing_out(None)]


def test_every_table_of_the_product_passes():
    assert checks.every_state_has_its_phase(None) == []
    assert left_out() == []


def test_a_state_without_a_phase_is_refused(tables):
    table_of(Bare)
    (fault,) = checks.every_state_has_its_phase(None)
    assert (fault.id, str(fault.msg)) == ("lifecycle.E005", "x.Led: the state “sent” has no phase")


def test_what_ends_everything_ends_every_unfinished_state(tables):
    table_of(Led, Led.unfinished() >> Led.OVER)
    assert left_out() == []


def test_a_phase_may_be_left_out_by_its_name(tables):
    table_of(Led, Led.in_phase(ASKED, SERVING) >> Led.OVER, besides=(PREPARED,))
    assert left_out() == []


def test_a_phase_that_is_left_out_in_silence_is_refused(tables):
    table_of(Led, Led.in_phase(ASKED, SERVING) >> Led.OVER)
    assert left_out() == ["x.Led：“end” is not made from “draft”"]


def test_a_part_of_a_phase_that_is_left_out_is_refused(tables):
    table_of(Led, AnyOf(*Led.in_phase(ASKED), Led.RUNNING) >> Led.OVER, besides=(PREPARED,))
    assert left_out() == ["x.Led：“end” is not made from “on_hold”"]


def test_a_phase_that_is_left_out_in_part_is_refused(tables):
    table_of(Led, AnyOf(*Led.in_phase(ASKED), Led.RUNNING) >> Led.OVER, besides=(PREPARED, SERVING))
    assert left_out() == ["x.Led：“end” names the phase “serving”，and is made from a part of it"]


def test_a_phase_that_the_table_does_not_have_is_refused(tables):
    table_of(Led, Led.unfinished() >> Led.OVER, besides=(SUSPENDED,))
    assert left_out() == ["x.Led：“end” names the phase “suspended”，which the table does not have"]
