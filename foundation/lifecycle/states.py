"""States of a lifecycle, and what each of them means."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db import models
from django.db.models.enums import ChoicesType

from foundation.lifecycle.phases import Phase, Phases, together
from foundation.refusals import Words

#: The target of a transition that keeps the state: ``AnyOf(A, B) >> STAYS``.
STAYS = ""

#: The phase of a member that is no ``State``; the check ``lifecycle.E005`` refuses it.
UNSAID = Phase("")

#: The tones in which chips show a state.
Tone = Literal["calm", "soon", "done", "late"]


@dataclass(frozen=True)
class Trait:
    """What some states of one table have in common across or within phases; ``meaning`` says what."""

    meaning: str


@dataclass(frozen=True)
class State:
    """A state: its label, and what it means.

    ``phase`` is the stretch of the way that it belongs to; ``tone`` how its chip looks; ``step`` which
    step of the progress bar it is (None: it is none, as an end that may come at any step); ``knows_person`` whether the
    provider knows whom it is about; ``traits`` what it shares with other states besides.
    """

    label: Words
    phase: Phase
    tone: Tone = "calm"
    step: int | None = None
    knows_person: bool = False
    traits: tuple[Trait, ...] = ()

    def __post_init__(self) -> None:
        """Raises ``TypeError`` for what is no phase (inside a table, a member hides the phase of its name), a step
        that is no whole number, and a trait that is no ``Trait``.
        """
        if not isinstance(self.phase, Phase):
            raise TypeError(f"the phase of {self.label} is {self.phase!r}: name it as phases.X")
        if self.step is not None and type(self.step) is not int:
            raise TypeError(f"the step of {self.label} is {self.step!r}: it is a whole number")
        if not all(isinstance(trait, Trait) for trait in self.traits):
            raise TypeError(f"the traits of {self.label} are {self.traits!r}: each is a Trait")


@dataclass(frozen=True)
class Arrow:
    """From any of ``sources`` to ``target``; with ``STAYS`` the state is kept."""

    sources: tuple[str, ...]
    target: str

    def end(self, source: str) -> str:
        """The state of an object after it that was in ``source``."""
        return self.target or source


class AnyOf(tuple[str, ...]):
    """Several states, for queries (``status__in``) and arrows: ``AnyOf(A, B) >> C``.

    ``one & other`` are those in both, ``one - other`` those only in the first.
    """

    def __new__(cls, *states: str) -> AnyOf:
        return super().__new__(cls, states)

    @classmethod
    def _make(cls, states: Iterable[str]) -> AnyOf:
        """Several states of an iterable; by this name Django knows how to make the list of a query anew."""
        return cls(*states)

    def __getnewargs__(self) -> tuple[str, ...]:
        """So that a copy holds the states, and not the tuple of them: Django copies the conditions of indexes."""
        return tuple(self)

    def __rshift__(self, target: str) -> Arrow:
        return Arrow(tuple(self), target)

    def __add__(self, other: tuple[Any, ...]) -> AnyOf:
        return AnyOf(*self, *other)

    def __and__(self, other: AnyOf) -> AnyOf:
        return AnyOf(*(state for state in self if state in other))

    def __sub__(self, other: AnyOf) -> AnyOf:
        return AnyOf(*(state for state in self if state not in other))


class StatesType(ChoicesType):
    """Makes the members of ``States`` of their ``State``: the value is the name in lower case."""

    def __new__(metacls, name: str, bases: tuple[type, ...], body: Any, **keywords: Any) -> Any:
        declared = {member: body[member] for member in body._member_names}
        for member, state in declared.items():
            if isinstance(state, tuple):
                declared[member] = State(state[1], UNSAID)
                continue
            dict.__setitem__(body, member, (member.lower(), state.label))
        made: Any = super().__new__(metacls, name, bases, body, **keywords)
        for member in made:
            member.meaning = declared[member.name]
        return made


if TYPE_CHECKING:  # the checker knows enumerations by Django's own metaclass only
    Choices = models.TextChoices
else:

    class Choices(models.TextChoices, metaclass=StatesType):
        """Text choices that are made of their ``State``."""


class States(Choices):
    """The states of a lifecycle; ``A >> B`` makes an arrow.

    ``in_phase`` and its like give the states by what they mean, in the order of the table. They are
    what queries, constraints, SQL parameters and other transitions name.
    """

    if TYPE_CHECKING:  # set when the members are made

        @property
        def meaning(self) -> State:
            """What this state means."""

    @property
    def phase(self) -> Phase:
        """The phase of this state."""
        return self.meaning.phase

    @property
    def over(self) -> bool:
        """Whether nothing is awaited any more in this state."""
        return self.phase.over

    def __rshift__(self, target: str) -> Arrow:
        return Arrow((self,), target)

    @classmethod
    @functools.cache
    def in_phase(cls, *phases: Phase | Phases) -> AnyOf:
        """The states of these phases."""
        wanted = together(phases)
        return AnyOf(*(state for state in cls if state.phase in wanted))

    @classmethod
    @functools.cache
    def unfinished(cls) -> AnyOf:
        """The states of all phases that are not over."""
        return AnyOf(*(state for state in cls if not state.over))

    @classmethod
    @functools.cache
    def knowing(cls) -> AnyOf:
        """The states in which the provider knows whom it is about."""
        return AnyOf(*(state for state in cls if state.meaning.knows_person))

    @classmethod
    @functools.cache
    def with_trait(cls, trait: Trait) -> AnyOf:
        """The states that have a trait."""
        return AnyOf(*(state for state in cls if trait in state.meaning.traits))

    @classmethod
    def phases(cls) -> tuple[Phase, ...]:
        """The phases that occur, in the order of the table."""
        return tuple(dict.fromkeys(state.phase for state in cls))
