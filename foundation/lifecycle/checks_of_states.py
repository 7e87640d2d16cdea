"""System checks of what states mean: how they look, which step of the way they are, and who is known in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from django.apps import AppConfig
from django.core.checks import CheckMessage, register

from foundation.lifecycle.checks_of_rows import errors
from foundation.lifecycle.phases import ASKED, PREPARED, SERVING
from foundation.lifecycle.states import Tone
from foundation.lifecycle.table import Lifecycle


@register
def states_mean_what_others_of_their_phase_do(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E016`` for a state in a tone that there is not, for one that is a step beyond the way, and
    for one in which the provider does not know the person whom it serves, or knows it before anything is agreed.
    """
    return errors("E016", _wrong_tones, _wrong_steps, _wrongly_known)


def _wrong_tones(lifecycle: Lifecycle) -> Iterator[str]:
    """The states in a tone that no chip has."""
    for state in lifecycle.states:
        if state.meaning.tone not in get_args(Tone):
            yield f"the state '{state}' has the tone '{state.meaning.tone}', which is none"


def _wrong_steps(lifecycle: Lifecycle) -> Iterator[str]:
    """The steps of the way that no state is, though others are beyond them. It begins with step 1, or with 0."""
    steps = {state.meaning.step for state in lifecycle.states if state.meaning.step is not None}
    for step in range(1, max(steps, default=0)):
        if step not in steps:
            yield f"states are beyond step {step} of the way, and none is at it"
    if any(step < 0 for step in steps):
        yield "a state is a step before the way"


def _wrongly_known(lifecycle: Lifecycle) -> Iterator[str]:
    """The states in which somebody is unknown who should be known, or known who should not yet be."""
    if not any(state.meaning.knows_person for state in lifecycle.states):
        return
    for state in lifecycle.states:
        knows = state.meaning.knows_person
        if state.phase == SERVING and not knows:
            yield f"the provider serves in '{state}', and does not know whom (knows_person)"
        if state.phase in (PREPARED | ASKED) and knows:
            yield f"the provider knows the person in '{state}' (knows_person), and has not agreed to anything yet"
