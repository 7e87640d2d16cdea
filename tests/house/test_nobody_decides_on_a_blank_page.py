"""Nobody decides on a blank page: whoever makes a transition that weighs sees what it is about."""

from __future__ import annotations

from foundation.forms.actions import ActionForm, form_of
from foundation.lifecycle.glance import field_of, name_of
from foundation.lifecycle.rows import Transition
from foundation.lifecycle.table import LIFECYCLES, Lifecycle
from foundation.personal_data.disclosing import Disclosing, protected
from foundation.roles import Role

#: Transitions that need no facts, each with its reason.
WITHOUT: dict[tuple[str, str], str] = {}


def _weighs(lifecycle: Lifecycle, row: Transition) -> bool:
    """Whether another person has prepared it, or it has consequences of which the table warns."""
    proposed = row.name in lifecycle.proposals.values()
    return bool(row.apart_from or row.consequence or proposed) and row.roles != {Role.SYSTEM}


def _shows_what(lifecycle: Lifecycle, form: type[ActionForm]) -> bool:
    return bool(form.facts or form.template or getattr(lifecycle.model, "at_a_glance", ()))


def test_every_transition_that_weighs_shows_what_it_is_about() -> None:
    blank = [
        f"{label}.{row.name}"
        for label, lifecycle in LIFECYCLES.items()
        for row in lifecycle.transitions
        if _weighs(lifecycle, row)
        and (label, row.name) not in WITHOUT
        and not _shows_what(lifecycle, form_of(lifecycle, row.name))
    ]
    assert blank == []


def test_what_is_shown_at_a_glance_is_there_and_has_a_label() -> None:
    faults = []
    for label, lifecycle in LIFECYCLES.items():
        for fact in getattr(lifecycle.model, "at_a_glance", ()):
            name = name_of(fact)
            field = field_of(lifecycle.model, name)
            if field is None and not isinstance(getattr(lifecycle.model, name, None), property):
                faults.append(f"{label}.{name} is neither a field nor a property")
            elif isinstance(fact, str) and (field is None or isinstance(field.verbose_name, str)):
                faults.append(f"{label}.{name} has no label")
    assert faults == []


def test_what_is_protected_is_shown_at_a_glance_by_models_that_say_who_reads_it() -> None:
    unsaid = [
        f"{label}.{name_of(fact)}"
        for label, lifecycle in LIFECYCLES.items()
        for fact in getattr(lifecycle.model, "at_a_glance", ())
        if name_of(fact) in protected(lifecycle.model)
        and not issubclass(lifecycle.model, Disclosing)
        and not hasattr(lifecycle.model, "may_reveal")
    ]
    assert unsaid == []
