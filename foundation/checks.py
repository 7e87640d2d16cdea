"""System checks of Django: senders, sensitive texts, and lifecycle tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.utils.functional import Promise

from foundation.lifecycle.phases import Phase
from foundation.lifecycle.states import UNSAID
from foundation.lifecycle.table import LIFECYCLES, ClockFor, Lifecycle, Transition
from foundation.messaging.senders import shown_to_strangers
from foundation.personal_data.disclosing import Disclosing, delicate
from foundation.rules import reading


@register
def no_code_is_shown_to_strangers(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``messages.E001`` for a sender that shows codes on pages that others can reach."""
    if not shown_to_strangers():
        return []
    hint = "Name the city's text gateway in MESSAGE_SENDER, or foundation.messaging.senders.Unsent."
    return [Error("codes would be shown on pages that others reach", hint=hint, id="messages.E001")]


@register
def every_delicate_text_has_its_readers(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``disclosing.E001`` for a model with sensitive texts that does not declare ``discloses``."""
    return [
        Error(f"{model._meta.label} does not say who reads {delicate(model)}", id="disclosing.E001")
        for model in apps.get_models()
        if delicate(model) and getattr(model, "discloses", None) in (None, Disclosing.discloses)
    ]


@register
def every_row_has_its_action(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Errors of lifecycle tables.

    ``lifecycle.E001``: a row without an action; ``E002``: a label that is not translated; ``E003``:
    a clock without a rule ``deadline.<key>``; ``E004``: a period or late clock that never runs.
    """
    faults: list[CheckMessage] = []
    for label, lifecycle in LIFECYCLES.items():
        for row in lifecycle.rows:
            if row.name not in lifecycle.actions:
                faults.append(Error(f"{label}: no action for '{row.name}'", id="lifecycle.E001"))
            if not isinstance(row.label, Promise):
                faults.append(Error(f"{label}: '{row.name}' is not translated", id="lifecycle.E002"))
        known = {*lifecycle.spanning}
        for key in lifecycle.clocks.values():
            known |= set(key.keys if isinstance(key, ClockFor) else (key,))
        faults += [
            Error(f"{label}: no clock '{name}'", id="lifecycle.E004")
            for name in (*lifecycle.periods, *lifecycle.unpaused, *lifecycle.late)
            if name not in known
        ]
        for key in (*lifecycle.clocks.values(), *lifecycle.spanning):
            keys = key.keys if isinstance(key, ClockFor) else (key,)
            faults += [
                Error(f"{label}: no rule 'deadline.{rule}'", id="lifecycle.E003")
                for rule in keys
                if f"deadline.{rule}" not in reading.defaults()
            ]
    return faults


@register
def every_state_has_its_phase(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Error ``lifecycle.E005`` for a state whose table does not say in which phase it is."""
    return [
        Error(f"{label}: the state '{state}' has no phase", id="lifecycle.E005")
        for label, lifecycle in LIFECYCLES.items()
        for state in lifecycle.states
        if not isinstance(state.phase, Phase) or state.phase == UNSAID
    ]


@register
def what_ends_everything_leaves_nothing_out(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E006`` for a transition from any state that leaves one out.

    Its sources are every state of every phase that is not over, but for whole phases that it names in
    ``besides``; a phase is named there only if the table has it and none of its states is a source.
    """
    return [
        Error(f"{lifecycle.label}: '{row.name}' {fault}", id="lifecycle.E006")
        for lifecycle in LIFECYCLES.values()
        for row in lifecycle.transitions
        if row.from_any
        for fault in _left_out(lifecycle, row)
    ]


@register
def a_part_of_a_phase_is_named_on_purpose(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E007`` for a transition that starts from some states of a phase and does not say
    ``exactly``, and for one that says so without need.

    A state that is added to a phase is thereby in every transition that names the phase, or is asked about
    here.
    """
    hint = (
        "Start from the phase (in_phase), or say exactly=True if it is a step that others of it do not make."
    )
    faults: list[CheckMessage] = []
    for lifecycle in LIFECYCLES.values():
        for row in lifecycle.transitions:
            named = f"{lifecycle.label}: '{row.name}'"
            missing = _others_of_its_phases(lifecycle, row)
            if missing and not row.exactly:
                states = ", ".join(f"'{state}'" for state in missing)
                faults.append(
                    Error(
                        f"{named} starts from a part of a phase, without {states}", hint, id="lifecycle.E007"
                    )
                )
            if row.exactly and not missing:
                words = f"{named} says exactly, and starts from whole phases"
                faults.append(Error(words, hint, id="lifecycle.E007"))
    return faults


def _others_of_its_phases(lifecycle: Lifecycle, row: Transition) -> list[str]:
    """The states of the phases from which a transition starts, that are none of its sources."""
    phases = {lifecycle.states(source).phase for source in row.arrow.sources}
    others = (state for state in lifecycle.states if state.phase in phases)
    return [state for state in others if state not in row.arrow.sources]


def _left_out(lifecycle: Lifecycle, row: Transition) -> list[str]:
    """What a transition from any state leaves out, in words."""
    sources = set(row.arrow.sources)
    faults = [
        f"is not made from '{state}'"
        for state in lifecycle.states.unfinished()
        if lifecycle.states(state).phase not in row.besides and state not in sources
    ]
    for phase in row.besides:
        states = set(lifecycle.states.in_phase(phase))
        if not states:
            faults.append(f"names the phase '{phase.name}', which the table does not have")
        if states & sources:
            faults.append(f"names the phase '{phase.name}', and is made from a part of it")
    return faults
