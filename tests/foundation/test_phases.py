"""What a state means: phases, tones, steps and traits, and the sets of states made from them."""

from __future__ import annotations

import copy

import pytest

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, PREPARED, SERVING
from foundation.lifecycle.states import AnyOf, State, States, Trait
from organizations.people.models import User

VISITED = Trait("visits are made")


class Ordered(States):
    DRAFT = State("draft", PREPARED)
    OFFERED = State("offered", ASKED, tone="soon")
    WILLING = State("willing", ASKED, tone="soon")
    ON_HOLD = State("on hold", SERVING, step=2, knows_person=True)
    RUNNING = State("running", SERVING, tone="done", step=3, knows_person=True, traits=(VISITED,))
    DECLINED = State("declined", DROPPED, tone="late")
    CLOSED = State("closed", ENDED, tone="done", step=4)


def test_a_state_is_its_name_in_lower_case_and_shows_its_label() -> None:
    assert Ordered.ON_HOLD == "on_hold"
    assert Ordered("on_hold").label == "on hold"
    assert ("running", "running") in Ordered.choices


def test_states_are_named_by_their_phase_in_the_order_of_the_table() -> None:
    assert Ordered.in_phase(ASKED) == ("offered", "willing")
    assert Ordered.in_phase(SERVING, ASKED) == ("offered", "willing", "on_hold", "running")
    assert Ordered.in_phase(ASKED | SERVING) == Ordered.in_phase(ASKED, SERVING)
    assert Ordered.in_phase(~PREPARED) == tuple(Ordered.values[1:])
    assert Ordered.unfinished() == ("draft", "offered", "willing", "on_hold", "running")


def test_states_are_named_by_what_they_share() -> None:
    assert Ordered.knowing() == ("on_hold", "running")
    assert Ordered.with_trait(VISITED) == ("running",)
    assert Ordered.RUNNING.meaning.step == 3


def test_several_states_are_the_values_of_a_query() -> None:
    query = str(User.objects.filter(username__in=Ordered.in_phase(SERVING)).query)
    assert "IN (on_hold, running)" in query


def test_several_states_make_an_arrow() -> None:
    arrow = Ordered.in_phase(SERVING) >> Ordered.CLOSED
    assert (arrow.sources, arrow.target) == (("on_hold", "running"), "closed")
    assert AnyOf(Ordered.DRAFT) + Ordered.in_phase(ASKED) == ("draft", "offered", "willing")


def test_phases_that_are_left_out_are_not_joined_with_others() -> None:
    with pytest.raises(TypeError):
        Ordered.in_phase(~PREPARED, ASKED)
    with pytest.raises(TypeError):
        ~PREPARED | ASKED


def test_a_copy_of_several_states_holds_the_same_states() -> None:
    """Django copies the conditions of indexes and constraints."""
    asked = Ordered.in_phase(ASKED)
    assert copy.deepcopy(asked) == copy.copy(asked) == ("offered", "willing")
