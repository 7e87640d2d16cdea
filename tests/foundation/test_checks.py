"""The system checks of phases: every state has one, and nothing is left out of one in silence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.checks.registry import registry

from foundation.lifecycle import checks
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
    Lifecycle(
        label="x.Led", title="", states=states, phases=states.phases(), starts=(start,), transitions=rows
    )


def left_out() -> list[str]:
    """What the check says."""
    return [str(fault.msg) for fault in checks.what_ends_everything_leaves_nothing_out(None)]


def test_every_table_of_the_product_passes():
    assert checks.every_state_has_its_phase(None) == []
    assert left_out() == []
    assert checks.a_part_of_a_phase_is_named_on_purpose(None) == []
    assert checks.no_phase_is_new_to_its_table(None) == []


def test_the_checks_run_when_the_server_starts():
    asked = {check.__module__ for check in registry.get_checks()}
    assert {
        f"foundation.lifecycle.checks_of_{part}"
        for part in ("rows", "clocks", "people", "parties", "states", "words", "models")
    } <= asked
    assert "foundation.lifecycle.checks" in asked
    named = {check.__name__ for check in registry.get_checks()}
    assert {"no_phase_is_new_to_its_table", "a_part_of_a_phase_is_named_on_purpose"} <= named


def test_a_state_without_a_phase_is_refused(tables):
    table_of(Bare)
    (fault,) = checks.every_state_has_its_phase(None)
    assert (fault.id, str(fault.msg)) == ("lifecycle.E005", "x.Led: the state 'sent' has no phase")


def test_what_ends_everything_ends_every_unfinished_state(tables):
    table_of(Led, Led.unfinished() >> Led.OVER)
    assert left_out() == []


def test_a_phase_may_be_left_out_by_its_name(tables):
    table_of(Led, Led.in_phase(ASKED, SERVING) >> Led.OVER, besides=(PREPARED,))
    assert left_out() == []


def test_a_phase_that_is_left_out_in_silence_is_refused(tables):
    table_of(Led, Led.in_phase(ASKED, SERVING) >> Led.OVER)
    assert left_out() == ["x.Led: 'end' is not made from 'draft'"]


def test_a_part_of_a_phase_that_is_left_out_is_refused(tables):
    table_of(Led, AnyOf(*Led.in_phase(ASKED), Led.RUNNING) >> Led.OVER, besides=(PREPARED,))
    assert left_out() == ["x.Led: 'end' is not made from 'on_hold'"]


def test_a_phase_that_is_left_out_in_part_is_refused(tables):
    table_of(Led, AnyOf(*Led.in_phase(ASKED), Led.RUNNING) >> Led.OVER, besides=(PREPARED, SERVING))
    assert left_out() == ["x.Led: 'end' names the phase 'serving', and is made from a part of it"]


def test_a_phase_that_the_table_does_not_have_is_refused(tables):
    table_of(Led, Led.unfinished() >> Led.OVER, besides=(SUSPENDED,))
    assert left_out() == ["x.Led: 'end' names the phase 'suspended', which the table does not have"]


def named_in_part(arrow: Arrow, *, exactly: bool | tuple[str, ...] = False) -> list[str]:
    """What the check says of a transition with that arrow."""
    row = Transition("move", arrow, (THE_SYSTEM,), "move", "moved", exactly=exactly)
    start = Start("begin", Led.DRAFT, (THE_SYSTEM,), "begin", "began")
    Lifecycle(label="x.Led", title="", states=Led, phases=Led.phases(), starts=(start,), transitions=(row,))
    return [str(fault.msg) for fault in checks.a_part_of_a_phase_is_named_on_purpose(None)]


def test_whole_phases_need_no_word(tables):
    assert named_in_part(Led.in_phase(ASKED, SERVING) >> Led.OVER) == []


def test_a_state_that_fills_its_phase_may_be_named(tables):
    assert named_in_part(Led.OFFERED >> Led.RUNNING) == []


def test_a_state_beside_others_of_its_phase_asks_for_a_decision(tables):
    assert named_in_part(Led.RUNNING >> Led.OVER) == [
        "x.Led: 'move' starts from 'running', a part of its phase, without 'on_hold'"
    ]


def test_a_step_on_the_way_says_so(tables):
    assert named_in_part(Led.RUNNING >> Led.OVER, exactly=True) == []


def test_exactly_is_not_said_without_need(tables):
    assert named_in_part(Led.in_phase(SERVING) >> Led.OVER, exactly=True) == [
        f"x.Led: 'move' says exactly '{state}', and starts from its whole phase"
        for state in ("running", "on_hold")
    ]


def test_of_whole_phases_and_single_states_the_single_ones_are_named(tables):
    arrow = AnyOf(*Led.in_phase(ASKED), Led.RUNNING) >> Led.OVER
    assert named_in_part(arrow, exactly=(Led.RUNNING,)) == []


@pytest.mark.parametrize(
    ("exactly", "fault"),
    (
        (True, "says exactly 'offered', and starts from its whole phase"),
        ((Led.OFFERED,), "says exactly 'offered', and starts from its whole phase"),
        ((Led.RUNNING, Led.DRAFT), "says exactly 'draft', and does not start from it"),
        ((), "starts from 'running', a part of its phase, without 'on_hold'"),
    ),
)
def test_a_whole_phase_does_not_hide_behind_exactly(tables, exactly, fault):
    arrow = AnyOf(*Led.in_phase(ASKED), Led.RUNNING) >> Led.OVER
    assert f"x.Led: 'move' {fault}" in named_in_part(arrow, exactly=exactly)


def new_to_the_table(*phases: Phase) -> list[str]:
    """What the check says of the states of ``Led`` in a table that names these phases."""
    start = Start("begin", Led.DRAFT, (THE_SYSTEM,), "begin", "began")
    Lifecycle(label="x.Led", title="", states=Led, phases=phases, starts=(start,), transitions=())
    return [str(fault.msg) for fault in checks.no_phase_is_new_to_its_table(None)]


def test_a_table_names_its_phases(tables):
    assert new_to_the_table(*Led.phases()) == []


def test_a_state_in_a_phase_that_is_new_to_its_table_is_refused(tables):
    known = [phase for phase in Led.phases() if phase != SERVING]
    assert new_to_the_table(*known) == [
        f"x.Led: the state '{state}' is in the phase 'serving', which is new to the table"
        for state in ("running", "on_hold")
    ]


def test_a_table_names_no_phase_in_vain(tables):
    assert new_to_the_table(*Led.phases(), SUSPENDED) == ["x.Led: no state is in the phase 'suspended'"]


def test_a_state_whose_phase_is_hidden_by_a_member_is_refused_at_once():
    with pytest.raises(TypeError, match=r"phases\.X"):
        State("frozen", Led.RUNNING)  # type: ignore[arg-type]  # what the test is about
