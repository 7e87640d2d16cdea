"""System checks of the words of tables: names fit where they are kept, and labels tell one thing from another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.functional import Promise
from django.utils.translation import override

from foundation.journal.sentences import ACTS
from foundation.lifecycle.checks import clocks_of
from foundation.lifecycle.checks_of_rows import errors
from foundation.lifecycle.rows import Transition
from foundation.lifecycle.table import Lifecycle
from foundation.refusals import Words

#: A name in small letters, in words apart by one underscore: addresses have a hyphen in its place.
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@register
def every_word_is_translated(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Error ``lifecycle.E002`` for a text that users read and that is not translated."""
    return errors("E002", _untranslated)


@register
def names_fit_where_they_are_kept(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E015`` for the name of a row, a step or an act of the journal that is not in small letters
    with underscores, and for a name that is longer than a column that keeps it.
    """
    acts = [
        Error(f"the act '{name}' {fault}", id="lifecycle.E015")
        for name in ACTS
        for fault in (*_oddly_spelt(name), *_too_long(name, "Entry.move"))
    ]
    return [*errors("E015", _wrong_names), *acts]


@register
def labels_tell_one_from_another(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E017`` for two states of a table, or two transitions out of one state, with one label in
    some language: nobody could tell which chip or which button is which.
    """
    return errors("E017", _same_labels)


# --- translations ------------------------------------------------------------------------


def _untranslated(lifecycle: Lifecycle) -> Iterator[str]:
    """The texts that are the same in every language."""
    for what, words in _texts(lifecycle):
        if words and not isinstance(words, Promise):
            yield f"{what} is not translated"


def _texts(lifecycle: Lifecycle) -> Iterator[tuple[str, Words]]:
    """Every text of a table that users read, and what it belongs to."""
    for state in lifecycle.states:
        yield f"the label of the state '{state}'", state.meaning.label
    for row in lifecycle.rows:
        yield f"'{row.name}'", row.label
        yield f"the sentence of '{row.name}'", row.sentence
        if isinstance(row, Transition):
            yield f"the consequence of '{row.name}'", row.consequence
            yield f"the other sentence of '{row.name}'", row.otherwise
    for errand in lifecycle.errands.values():
        yield f"the errand '{errand.name}'", errand.label
    for name, label in lifecycle.further_steps.items():
        yield f"the step '{name}'", label


# --- names -------------------------------------------------------------------------------


def _wrong_names(lifecycle: Lifecycle) -> Iterator[str]:
    """The names that are oddly spelt, or longer than a column that keeps them."""
    for what, name, columns in _names(lifecycle):
        faults = [*_oddly_spelt(name)] if what != "the rule" else []
        yield from (f"{what} '{name}' {fault}" for fault in (*faults, *_too_long(name, *columns)))
    yield from (
        f"the basis of '{row.name}' {fault}"
        for row in lifecycle.rows
        for fault in _too_long(row.basis, "Entry.basis", "WorkItem.basis")
    )


def _names(lifecycle: Lifecycle) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every name of a table: of what it is, itself, and the columns that keep it."""
    steps = {errand.name for errand in lifecycle.errands.values()} | {*lifecycle.further_steps}
    yield from (("the start", row.name, ("Entry.move",)) for row in lifecycle.starts)
    yield from (
        ("the transition", row.name, ("Entry.move", "WorkItem.step")) for row in lifecycle.transitions
    )
    yield from (("the step", name, ("WorkItem.step",)) for name in sorted(steps))
    yield from (("the state", state, ("WorkItem.state", "Clock.state")) for state in lifecycle.states.values)
    yield from (("the rule", name, ("Clock.rule_key",)) for name in sorted(clocks_of(lifecycle)))


def _oddly_spelt(name: str) -> Iterator[str]:
    """Whether a name is anything but small letters in words apart by underscores."""
    if not SNAKE.fullmatch(name):
        yield "is not in small letters and underscores, of which addresses are made"


def _too_long(name: str, *columns: str) -> Iterator[str]:
    """The columns into which a name does not fit."""
    for column in columns:
        most = most_letters(column)
        if len(name) > most:
            yield f"has {len(name)} letters, and {column} holds {most}"


def most_letters(column: str) -> int:
    """How many letters a column of this package holds, as ``WorkItem.step``."""
    model, field = column.split(".")
    most: int = apps.get_model("foundation", model)._meta.get_field(field).max_length
    return most


# --- labels ------------------------------------------------------------------------------


def _same_labels(lifecycle: Lifecycle) -> Iterator[str]:
    """The labels that two states have, or two transitions out of one state."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            labels = (str(state.meaning.label) for state in lifecycle.states)
            yield from (f"two states are called '{label}'" for label in _twice(labels))
            for state in lifecycle.states:
                labels = (str(row.label) for row in lifecycle.leaving(state))
                yield from (
                    f"two transitions from '{state}' are called '{label}'" for label in _twice(labels)
                )


def _twice(labels: Iterable[str]) -> list[str]:
    """The labels that occur more than once."""
    return [label for label, times in Counter(labels).items() if times > 1]
