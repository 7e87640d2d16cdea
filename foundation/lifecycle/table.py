"""The table of states and moves: the law of one kind of object, written down once.

The same table runs the moves (``acting``), names buttons and API actions, fills
the access table, draws the diagrams in ``docs/lifecycles`` and makes the
database trigger that refuses every other change of status.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import pgtrigger
from django.apps import apps
from django.db import models

from foundation.refusals import Words
from foundation.roles import Actor, Role

if TYPE_CHECKING:
    from django import forms

    from foundation.deadlines.models import Clock
    from foundation.lifecycle.acting import Action, TableAction
    from foundation.lifecycle.models import LifecycleModel

#: Every lifecycle of the product by its label, in order of definition.
LIFECYCLES: dict[str, Lifecycle] = {}

#: The session variable by which a running move shows itself to the trigger.
MOVE_VARIABLE = "liandong.move"


#: The target of a move that leaves the object in whichever state it is: ``AnyOf(A, B) >> STAYS``.
STAYS = ""


@dataclass(frozen=True)
class Arrow:
    """From any of ``sources`` to ``target``; ``STAYS`` is no other state."""

    sources: tuple[str, ...]
    target: str

    def end(self, source: str) -> str:
        """The state in which an object is after it, that was in ``source``."""
        return self.target or source


class States(models.TextChoices):
    """States of a lifecycle; ``A >> B`` writes an arrow."""

    def __rshift__(self, target: str) -> Arrow:
        return Arrow((self,), target)


@dataclass(frozen=True)
class AnyOf:
    """Several states from which one move starts: ``AnyOf(A, B) >> C``."""

    states: tuple[str, ...]

    def __init__(self, *states: str) -> None:
        object.__setattr__(self, "states", states)

    def __rshift__(self, target: str) -> Arrow:
        return Arrow(self.states, target)


@dataclass(frozen=True)
class Party:
    """Who may make a move: a role, and what ties the person to the object."""

    role: Role
    holds: Callable[[Actor, Any], bool] = lambda actor, obj: True

    def admits(self, actor: Actor, obj: object) -> bool:
        """Whether this actor is this party to the object."""
        return actor.role == self.role and self.holds(actor, obj)


THE_SYSTEM = Party(Role.SYSTEM)


#: The journal's mark of a move that did what ``Move.otherwise`` says.
OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    ``at`` names the clocks that make the move by themselves when they run out;
    ``apart_from`` names moves whose maker may not make this one (four eyes); ``proposal`` says
    that a second person agrees or refuses, after which it may be proposed anew by anybody: only
    whoever has proposed last is kept apart;
    ``reason`` asks for words, or for one of the given choices; ``consequence``
    marks a dangerous move and says what it brings. ``primary`` says for whom it is
    the next step that a worklist shows; ``at_once`` that it may be made from a list
    with one click, since nothing has to be read before it. Moves that share a word in
    ``alone`` (or give the same for their objects) wait for one another. ``kept_in`` names the
    field about people in which the reason stands, or that it is about: it is read by whoever
    reads that field. ``otherwise`` is the sentence where something else was done than the label
    says: then the body fills the object's ``done_otherwise`` with it.
    ``later`` names the move that takes the same form where this one comes too late.
    """

    name: str
    arrow: Arrow
    by: tuple[Party, ...]
    label: Words
    sentence: Words
    basis: str = ""
    reason: bool | type[models.TextChoices] = False
    at: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()
    proposal: bool = False
    consequence: Words = ""
    primary: bool | tuple[Role, ...] = True
    at_once: bool = False
    alone: str | Callable[[Any], str] = ""
    kept_in: str = ""
    otherwise: Words = ""
    later: str = ""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of the parties who may make this move."""
        return frozenset(party.role for party in self.by)

    @property
    def awaited(self) -> frozenset[Role]:
        """The roles that are expected to make this move next."""
        if isinstance(self.primary, tuple):
            return self.roles & frozenset(self.primary)
        return self.roles if self.primary else frozenset()


@dataclass(frozen=True)
class Start:
    """How an object comes to be, in which state and by whom."""

    name: str
    state: str
    by: tuple[Party, ...]
    label: Words
    sentence: Words
    basis: str = ""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of the parties who may make such an object."""
        return frozenset(party.role for party in self.by)


@dataclass(frozen=True)
class ClockFor:
    """Picks the deadline rule by the object: ``special`` where ``when`` holds."""

    when: Callable[[Any], bool]
    special: str
    usual: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Every rule that may be picked; an empty one runs no clock."""
        return tuple(key for key in (self.special, self.usual) if key)

    def pick(self, obj: Any) -> str:
        """The rule for this object."""
        return self.special if self.when(obj) else self.usual


ClockKey = str | ClockFor


@dataclass(frozen=True)
class Step:
    """What a person does next with an object: a word, and the page to do it on."""

    label: Words
    address: str
    move: Transition | None = None


P = ParamSpec("P")
M = TypeVar("M", bound="LifecycleModel")
R = TypeVar("R")

#: Gives the next step of several objects at once, by primary key; None for no step.
NextSteps = Callable[[Sequence[Any], Actor], dict[int, Step | None]]


def once(key: str, action: Callable[P, R]) -> Callable[P, R]:
    """The action, done once however often it is called with one ``key``; always, where that is empty."""
    again: Callable[..., R] = action
    return cast(Callable[P, R], functools.partial(again, key=key))


@dataclass
class Lifecycle:
    """States, moves and clocks of one model.

    ``clocks`` maps a state to the deadline rule whose clock runs while an
    object is in it; ``spanning`` names those that actions begin and stop, whatever the state;
    ``periods`` those of a right or of a time to wait: when they run out nobody is late;
    ``unpaused`` those that nobody lets stand still. ``late`` says who is late by a clock (of an
    object) where that is not whoever is awaited in its state. A spanning clock runs while nobody,
    or somebody else, is awaited: so it always names who is late, or is a period.
    """

    label: str
    title: Words
    states: type[States]
    starts: tuple[Start, ...]
    transitions: tuple[Transition, ...]
    clocks: dict[str, ClockKey] = field(default_factory=dict)
    spanning: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    unpaused: tuple[str, ...] = ()
    late: dict[str, tuple[Role, ...] | Callable[[Any], tuple[Role, ...]]] = field(default_factory=dict)
    #: A field that is filled while one person has proposed something, and the move by which
    #: another agrees: it is a step of that other person, whatever the state awaits.
    proposals: dict[str, str] = field(default_factory=dict)
    field_name: str = "status"
    actions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    action_forms: dict[str, type[forms.Form]] = field(default_factory=dict)
    steps: NextSteps | None = None

    def __post_init__(self) -> None:
        names = [row.name for row in self.rows]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.label}: a move is named twice")
        if self.label in LIFECYCLES:
            raise ValueError(f"{self.label}: a second lifecycle for the same model")
        unnamed = set(self.spanning) - set(self.late) - set(self.periods)
        if unnamed:
            raise ValueError(f"{self.label}: nobody is late by {unnamed}")
        LIFECYCLES[self.label] = self

    @property
    def rows(self) -> tuple[Start | Transition, ...]:
        """Its starts and its moves."""
        return (*self.starts, *self.transitions)

    @property
    def model(self) -> type[models.Model]:
        """The model whose status this table rules."""
        return apps.get_model(self.label)

    @property
    def about_a_household(self) -> bool:
        """Whether a household, or the window for one, begins or moves it."""
        served = {Role.HOUSEHOLD, Role.WINDOW}
        return any(served & row.roles for row in self.rows)

    def get_transition(self, name: str) -> Transition:
        """The move of that name; ``KeyError`` if the table has none."""
        for each in self.transitions:
            if each.name == name:
                return each
        raise KeyError(f"{self.label} has no move {name}")

    def otherwise(self, name: str) -> str:
        """What was done, in words, where the move of that name did something else than its label says."""
        return (str(self.get_transition(name).otherwise) % {"who": ""}).strip()

    def get_start(self, name: str) -> Start:
        """The start of that name; ``KeyError`` if the table has none."""
        for each in self.starts:
            if each.name == name:
                return each
        raise KeyError(f"{self.label} has no start {name}")

    def find(self, name: str) -> Transition | Start | None:
        """The row that a journal entry's move names, if the table still has it."""
        for row in self.rows:
            if row.name == name:
                return row
        return None

    def clock_key(self, obj: models.Model, state: str) -> str:
        """The deadline rule that runs for ``obj`` in ``state``; ``""`` for none."""
        key = self.clocks.get(state, "")
        return key.pick(obj) if isinstance(key, ClockFor) else key

    def leaving(self, state: str) -> list[Transition]:
        """The moves that start in ``state``."""
        return [each for each in self.transitions if state in each.arrow.sources]

    def open_to(self, obj: models.Model, actor: Actor) -> list[Transition]:
        """The moves that ``actor`` may make on ``obj`` now."""
        state = getattr(obj, self.field_name)
        return [each for each in self.leaving(state) if any(party.admits(actor, obj) for party in each.by)]

    def states_waiting_for(self, role: Role) -> list[str]:
        """The states from which a person of ``role`` has a primary move."""
        return [
            state for state in self.states.values if any(role in each.awaited for each in self.leaving(state))
        ]

    def awaited_in(self, state: str) -> frozenset[Role]:
        """The roles that are expected to act on an object in ``state``."""
        return frozenset(role for each in self.leaving(state) for role in each.awaited)

    def answers_for(self, clock: Clock, obj: Any) -> frozenset[Role]:
        """The roles that are late when ``clock`` runs out; a household never is."""
        if clock.rule_key in self.late:
            who = self.late[clock.rule_key]
            return frozenset(who(obj) if callable(who) else who)
        state = clock.state or getattr(obj, self.field_name)
        return self.awaited_in(state) - {Role.SYSTEM, Role.HOUSEHOLD}

    def proposed(self, obj: Any) -> Transition | None:
        """The move by which a second person agrees to what one has proposed on ``obj``."""
        for name, second in self.proposals.items():
            row = self.get_transition(second)
            if getattr(obj, name) and getattr(obj, self.field_name) in row.arrow.sources:
                return row
        return None

    def to_decide(self, role: Role) -> models.Q:
        """Which objects bear a proposal that a second person of ``role`` decides."""
        found = models.Q(pk__in=[])
        for name, second in self.proposals.items():
            row = self.get_transition(second)
            if role in row.roles:
                states = models.Q(**{f"{self.field_name}__in": row.arrow.sources})
                found |= states & ~models.Q(**{name: ""})
        return found

    def next_steps(self, objects: Sequence[Any], actor: Actor) -> dict[int, Step | None]:
        """The next step of each object for ``actor``, by primary key.

        It is the first move of the table that awaits the actor's role, unless the
        package has said otherwise (``steps``).
        """
        found: dict[int, Step | None] = {}
        for obj in objects:
            awaited = [each for each in self.open_to(obj, actor) if actor.role in each.awaited]
            found[obj.pk] = (
                Step(awaited[0].label, obj.transition_address(awaited[0]), awaited[0]) if awaited else None
            )
        if self.steps:
            found |= self.steps([each for each in objects if found[each.pk]], actor)
        return found | self._second_steps(objects, actor)

    def _second_steps(self, objects: Sequence[Any], actor: Actor) -> dict[int, Step | None]:
        """What others have proposed comes first; never for whoever proposed it."""
        found: dict[int, Step | None] = {}
        for obj in objects:
            row = self.proposed(obj)
            admitted = row is not None and any(party.admits(actor, obj) for party in row.by)
            if row is not None and admitted and not self.met(row, obj, actor):
                found[obj.pk] = Step(row.label, obj.transition_address(row), row)
        return found

    def met(self, row: Transition, obj: Any, actor: Actor) -> bool:
        """Whether an actor made one of the moves that the maker of ``row`` may not have made."""
        from foundation.lifecycle import acting

        return acting.acted_before(self, row, obj, actor)

    def final_states(self) -> list[str]:
        """The states that no move leads out of."""
        return [
            state
            for state in self.states.values
            if all(each.arrow.target in (state, STAYS) for each in self.leaving(state))
        ]

    def start(self, name: str) -> Callable[[Callable[P, M]], Callable[P, M]]:
        """Decorate the action that makes a new object (see ``acting.start``)."""
        from foundation.lifecycle import acting  # which stands on models that have such tables

        return acting.start(self, self.get_start(name))

    def transition(self, name: str) -> Callable[[Callable[Concatenate[M, P], None]], Action[M, P]]:
        """Decorate the body of a move (see ``acting.move``): callers give what it takes, and get
        the fresh object.
        """
        from foundation.lifecycle import acting

        return acting.transition(self, self.get_transition(name))

    def act(self, name: str, model: type[M]) -> TableAction[M]:
        """The action of a move that needs no body; ``ValueError`` for another table's model."""
        if model._meta.label != self.label:
            raise ValueError(f"{self.label} does not rule {model._meta.label}")
        from foundation.lifecycle import acting

        return acting.act(self, self.get_transition(name))

    def trigger(self) -> pgtrigger.Trigger:
        """The database trigger that refuses every change of status not in the table.

        A change passes only while the move of that name runs, so neither
        ``update()`` nor raw SQL can set a status by hand.
        """
        rows = sorted(
            (source, each.arrow.end(source), f"{self.label}.{each.name}")
            for each in self.transitions
            for source in each.arrow.sources
            if source != each.arrow.end(source)
        )
        column = f'"{self.field_name}"'
        # A table without moves lets nothing pass.
        quoted = ", ".join(f"('{a}', '{b}', '{c}')" for a, b, c in rows or [("", "", "")])
        initial = ", ".join(f"'{each}'" for each in sorted({s.state for s in self.starts}))
        return pgtrigger.Trigger(
            name=f"{self.field_name}_by_the_table",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=f"""
                IF TG_OP = 'INSERT' THEN
                    IF NEW.{column} NOT IN ({initial}) THEN
                        RAISE EXCEPTION '{self.label}: nothing begins as %', NEW.{column}
                            USING ERRCODE = 'check_violation';
                    END IF;
                ELSIF NEW.{column} IS DISTINCT FROM OLD.{column}
                    AND (OLD.{column}, NEW.{column},
                         coalesce(current_setting('{MOVE_VARIABLE}', true), ''))
                        NOT IN ({quoted}) THEN
                    RAISE EXCEPTION '{self.label}: no move goes from % to %',
                        OLD.{column}, NEW.{column} USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            """,
        )
