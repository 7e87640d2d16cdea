"""The system checks of states: how they look, which step of the way they are, and who is known in them."""

from __future__ import annotations

import pytest

from tests.foundation.slips import said

REFERRAL, PROJECT = "referrals.Referral", "procurement.Project"


@pytest.mark.parametrize(
    ("state", "slip", "words"),
    (
        ("planned", {"tone": "grey"}, "the state 'planned' has the tone 'grey', which is none"),
        ("planned", {"step": 4}, "states are beyond step 3 of the way, and none is at it"),
        ("planned", {"step": None}, "states are beyond step 3 of the way, and none is at it"),
        ("fed_back", {"step": 7}, "states are beyond step 6 of the way, and none is at it"),
        ("willing", {"step": -1}, "a state is a step before the way"),
        ("planned", {"knows_person": False}, "the provider serves in 'planned', and does not know whom (knows_person)"),
        ("draft", {"knows_person": True}, "the provider knows the person in 'draft' (knows_person), and has not agreed to anything yet"),
        ("willing", {"knows_person": True}, "the provider knows the person in 'willing' (knows_person), and has not agreed to anything yet"),
    ),
)  # fmt: skip
def test_a_state_means_what_others_of_its_phase_do(slips, state, slip, words):
    slips.state(REFERRAL, state, **slip)
    assert said() == [f"{REFERRAL}: {words}"]


def test_where_nobody_is_ever_known_nobody_has_to_be(slips):
    for state in ("accepted", "planned", "in_service", "completed", "ended_early"):
        slips.state(REFERRAL, state, knows_person=False)
    assert said() == []
