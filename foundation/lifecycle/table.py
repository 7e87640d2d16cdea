"""The table of states and transitions of one model, the only place where they are defined.

Actions (``acting``), buttons, API addresses, the access table, the diagrams in
``docs/lifecycles`` and the database trigger that refuses every other change of status are all
made from it.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import pgtrigger
from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.hooks import Hook
from foundation.lifecycle import duties
from foundation.lifecycle.lacking import Lacks, said_of
from foundation.lifecycle.phases import Phase
from foundation.lifecycle.rows import SEE_TO, ClockFor, ClockKey, Errand, Start, Step, Transition
from foundation.lifecycle.states import STAYS, States
from foundation.lifecycle.trigger import by_the_table
from foundation.parties import Party
from foundation.refusals import Refused, Words
from foundation.roles import HOUSEHOLD_SIDE, NAMELESS, Actor, Role

if TYPE_CHECKING:
    from django import forms

    from foundation.deadlines.models import Clock
    from foundation.lifecycle.acting import Action, TableAction
    from foundation.lifecycle.models import LifecycleModel

__all__ = ("LIFECYCLES", "OTHERWISE", "ClockFor", "Errand", "Lifecycle", "Start", "Step", "Transition")

#: Every lifecycle of the product by its label, in order of definition.
LIFECYCLES: dict[str, Lifecycle] = {}

#: The key in an entry's ``after`` for a transition that did what ``Transition.otherwise`` says.
OTHERWISE = "otherwise"

P = ParamSpec("P")
M = TypeVar("M", bound="LifecycleModel")

#: Gives for several objects the steps that are not the first awaited transition of the table, by primary key
#: and role; None where that role has nothing to do now.
NextSteps = Callable[[Sequence[Any]], dict[tuple[int, Role], Step | None]]


@dataclass
class Lifecycle:
    """States, transitions and clocks of one model.

    ``phases`` are those that its states are in, and that whatever asks for phases of this table knows: queries,
    constraints, parties, other tables. A state in another is refused by the check ``lifecycle.E009``. ``clocks`` maps a
    state to the deadline rule whose clock runs in it. ``spanning`` names clocks that actions start and stop, whatever
    the state; ``counts_from`` is the attribute of an object from whose day the clock of a rule counts, where it is
    filled, however often its state is entered; ``met_by`` the transition that meets the deadline of a rule, where
    something else is awaited day by day; ``periods`` clocks whose end makes nobody late (a right, or a time to wait); ``unpaused`` clocks that are
    never paused. ``late`` says who is late by a clock (of an object) where that is not whoever is awaited in its state;
    a spanning clock is either there or among ``periods``. ``proposals`` are fields that are filled while a proposal
    waits, each with the transition that accepts it: the next step of a second person, whatever the state awaits.
    ``errands`` are what is awaited in a state before its transitions are: meanwhile those who make these see it wait.
    ``further_steps`` are the labels of steps that lead to a page and are no transition. ``lacks`` are what actions
    register by the name of their transition (``Action.lacks``), ``foreseen`` the same of what changes elsewhere from
    minute to minute (``Action.foreseen``), asked where a worklist is read too; ``barred`` says why an actor cannot begin
    an object now, by the name of the start. ``at_reading`` gives by primary key the steps of objects whose step depends on much
    that changes elsewhere, for those that a worklist shows. ``looks_at`` are relations besides those of its parties
    that ``fits`` and ``lacks`` read, fetched for several objects at once. ``followers`` are roles that see an object
    wait though they neither begin nor move it; ``not_watching`` those that are awaited at times, and see none wait
    besides. ``changed`` is called with each object that was begun or moved.
    """

    label: str
    title: Words
    states: type[States]
    phases: tuple[Phase, ...]
    starts: tuple[Start, ...]
    transitions: tuple[Transition, ...]
    clocks: dict[str, ClockKey] = field(default_factory=dict)
    spanning: tuple[str, ...] = ()
    counts_from: dict[str, str] = field(default_factory=dict)
    met_by: dict[str, str] = field(default_factory=dict)
    periods: tuple[str, ...] = ()
    unpaused: tuple[str, ...] = ()
    late: dict[str, tuple[Role, ...] | Callable[[Any], tuple[Role, ...]]] = field(default_factory=dict)
    proposals: dict[str, str] = field(default_factory=dict)
    errands: dict[str, Errand] = field(default_factory=dict)
    further_steps: dict[str, Words] = field(default_factory=dict)
    followers: tuple[Role, ...] = ()
    not_watching: tuple[Role, ...] = ()
    looks_at: tuple[str | models.Prefetch, ...] = ()
    field_name: str = "status"
    actions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    action_forms: dict[str, type[forms.Form]] = field(default_factory=dict)
    lacks: dict[str, Lacks] = field(default_factory=dict)
    foreseen: dict[str, Lacks] = field(default_factory=dict)
    barred: dict[str, Callable[[Actor], Refused | None]] = field(default_factory=dict)
    steps: NextSteps | None = None
    at_reading: Callable[[Sequence[int]], dict[int, Step]] | None = None
    changed: Hook[[Any], None] = field(default_factory=Hook)

    def __post_init__(self) -> None:
        names = [row.name for row in self.rows]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.label}: a transition is named twice")
        if self.label in LIFECYCLES:
            raise ValueError(f"{self.label}: a second lifecycle for the same model")
        unnamed = set(self.spanning) - set(self.late) - set(self.periods)
        if unnamed:
            raise ValueError(f"{self.label}: nobody is late by {unnamed}")
        LIFECYCLES[self.label] = self

    @property
    def rows(self) -> tuple[Start | Transition, ...]:
        """Its starts and its transitions."""
        return (*self.starts, *self.transitions)

    @property
    def model(self) -> type[models.Model]:
        """The model whose status this table defines."""
        return apps.get_model(self.label)

    @functools.cached_property
    def joins(self) -> tuple[str, ...]:
        """The relations along which the parties to an object are found, as far as they are single rows."""
        parties = [*getattr(self.model, "seen_by", ()), *self.acting]
        return tuple(dict.fromkeys(path for party in parties for path in party.joins(self.model)))

    @functools.cached_property
    def branches(self) -> tuple[str, ...]:
        """The relations along which its parties are found over several rows."""
        return tuple(dict.fromkeys(path for party in self.acting for path in party.branches(self.model)))

    @property
    def acting(self) -> list[Party]:
        """The parties who make its transitions, or do its errands."""
        errands = [party for errand in self.errands.values() for party in errand.parties]
        return [*(party for row in self.transitions for party in row.by), *errands]

    @functools.cached_property
    def by_day(self) -> bool:
        """Whether the day alone may change the work items of its objects: by a bar or by something missing
        that ask the date, or by who holds a role between two days, of people who may hold several or of those
        who are left for a four-eyes step.
        """
        parties = [*getattr(self.model, "seen_by", ()), *self.acting]
        return (
            any(row.lacks_by_day or any(bar.by_day for bar in row.bars) for row in self.transitions)
            or any(self.prepares.values())
            or any(party.asks_who_holds(self.model) for party in parties)
        )

    @property
    def about_a_household(self) -> bool:
        """Whether a household, or the window on behalf of one, takes part in it."""
        return any(row.roles & set(HOUSEHOLD_SIDE) for row in self.rows)

    def get_transition(self, name: str) -> Transition:
        """The transition of that name; raises ``KeyError`` if the table has none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(f"{self.label} has no transition {name}")

    def otherwise(self, name: str) -> str:
        """What the transition of that name did instead of what its label says, in words."""
        return (str(self.get_transition(name).otherwise) % {"who": ""}).strip()

    def get_start(self, name: str) -> Start:
        """The start of that name; raises ``KeyError`` if the table has none."""
        for start in self.starts:
            if start.name == name:
                return start
        raise KeyError(f"{self.label} has no start {name}")

    def find(self, name: str) -> Transition | Start | None:
        """The row of that name, as a journal entry holds it; None if the table no longer has it."""
        for row in self.rows:
            if row.name == name:
                return row
        return None

    def clock_key(self, obj: models.Model, state: str) -> str:
        """The deadline rule that runs for ``obj`` in ``state``; "" for none."""
        key = self.clocks.get(state, "")
        return key.pick(obj) if isinstance(key, ClockFor) else key

    def leaving(self, state: str) -> list[Transition]:
        """The transitions that start in ``state``."""
        return [row for row in self.transitions if state in row.arrow.sources]

    def open_to(self, objects: Sequence[Any], actor: Actor) -> dict[int, list[Transition]]:
        """The transitions that ``actor`` may make now, by the primary key of the object, in the table's order.

        The journal and each bar are asked once for all objects, and what parties and ``fits`` read is
        fetched once.
        """
        if len(objects) > 1:
            models.prefetch_related_objects(objects, *self.joins, *self.branches, *self.looks_at)
        found = {obj.pk: [row for row in self.fitting(obj) if row.admits(actor, obj)] for obj in objects}
        missing = self.missing(((obj, row) for obj in objects for row in found[obj.pk]), foreseen=True)
        rows = dict.fromkeys(row for leaving in found.values() for row in leaving)
        kept = duties.kept_from(self, rows, objects)
        return {
            pk: [
                row
                for row in leaving
                if (pk, row.name) not in missing
                and actor.user_id not in kept[pk, row.name]
                and (actor.is_a_second_person or not row.by_a_second_person)
            ]
            for pk, leaving in found.items()
        }

    def fitting(self, obj: Any) -> list[Transition]:
        """The transitions that leave the object's state and fit the object, whoever may make them and whatever
        is missing for them.
        """
        return [row for row in self.leaving(getattr(obj, self.field_name)) if row.fitting(obj)]

    def expected(self, obj: Any) -> list[Transition]:
        """Those of them that somebody is awaited to make."""
        return [row for row in self.fitting(obj) if row.awaited]

    def awaited(self, obj: Any) -> dict[Transition, list[Party]]:
        """What is awaited of people in its order, each with the parties who are to make it: deciding another's
        proposal before all else, then the transitions of the table.
        """
        second = self.proposed(obj)
        expected = {
            row: [party for party in row.by if party.role in row.awaited and party.role is not Role.SYSTEM]
            for row in self.expected(obj)
        }
        return {second: list(second.by), **expected} if second is not None else expected

    def missing(
        self, wanted: Iterable[tuple[Any, Transition]], *, foreseen: bool = False
    ) -> dict[tuple[int, str], Refused]:
        """The refusals of transitions that leave the objects' states and lack something, by the
        primary key of the object and the name of the transition. Each function is asked once for all objects,
        and while a page is made once for each of them. With ``foreseen`` what changes elsewhere counts too.
        """
        known = (self.foreseen, self.lacks) if foreseen else (self.lacks,)
        pairs = list(wanted)
        asked = [(obj, row.name, of[row.name]) for of in known for obj, row in pairs if row.name in of]
        objects: dict[Lacks, dict[int, Any]] = defaultdict(dict)
        for obj, _name, lacks in asked:
            objects[lacks][obj.pk] = obj
        said = {lacks: said_of(lacks, of_it) for lacks, of_it in objects.items()}
        found = (((obj.pk, name), said[lacks][obj.pk]) for obj, name, lacks in asked)
        return {key: refusal for key, refusal in found if refusal is not None}

    def lacking(self, obj: Any, actor: Actor) -> list[tuple[Transition, str]]:
        """The transitions that ``actor`` could make now but for what is missing, each with what that is."""
        stopped = self.lacks.keys() | self.foreseen.keys()
        rows = [row for row in self.fitting(obj) if row.name in stopped and row.admits(actor, obj)]
        missing = self.missing(((obj, row) for row in rows), foreseen=True)
        return [
            (row, str(missing[obj.pk, row.name].message)) for row in rows if (obj.pk, row.name) in missing
        ]

    def kept_for_another(self, obj: Any, actor: Actor, open_now: Sequence[Transition]) -> list[Transition]:
        """The transitions that ``actor`` is kept from, and others of the same parties are awaited to make.

        ``open_now`` are those that he may make: the journal is asked only where one is not among them.
        """
        closed = [row for row in self.expected(obj) if row not in open_now and row.admits(actor, obj)]
        mine = [row for row in closed if duties.may_keep_somebody(self, row)]
        missing = self.missing((obj, row) for row in mine)
        awaited = [row for row in mine if (obj.pk, row.name) not in missing]
        return [row for row in awaited if duties.refusal(self, row, obj, actor)]

    def for_another(self, row: Transition, obj: Any) -> list[Transition]:
        """The transitions that are awaited after ``row``, and that whoever made it may not make."""
        target = row.arrow.end(getattr(obj, self.field_name))
        second = [self.get_transition(name) for name in self.proposals.values()] if row.proposal else []
        return [
            following
            for following in self.leaving(target)
            if row.name in following.apart_from and (following.awaited or following in second)
        ]

    @functools.cached_property
    def prepares(self) -> dict[str, list[Transition]]:
        """The four-eyes transitions that whoever made the one of a name may not make, though its parties make both.

        A proposal prepares nothing: of those only the last counts.
        """
        return {
            row.name: [
                second for second in self.transitions if row.name in second.apart_from and row.by == second.by
            ]
            for row in self.transitions
            if not row.proposal
        }

    def states_that_wait(self) -> list[str]:
        """The states in which somebody is awaited, or a proposal may wait."""
        deciding = {self.get_transition(second) for second in self.proposals.values()}
        return [
            state
            for state in self.states.values
            if state in self.errands
            or any(row.awaited - {Role.SYSTEM} or row in deciding for row in self.leaving(state))
        ]

    @property
    def taking_part(self) -> frozenset[Role]:
        """The roles that begin such objects, are awaited in some state, or follow them."""
        begin = {role for start in self.starts for role in start.roles}
        awaited = {role for row in self.transitions for role in row.awaited}
        return frozenset(begin | awaited | {*self.followers}) - {Role.SYSTEM} - {*self.not_watching}

    @functools.cached_property
    def step_labels(self) -> dict[str, Words]:
        """The labels of all its steps by name: of transitions, errands, and ``further_steps``."""
        rows = {row.name: row.label for row in self.transitions}
        errands = {errand.name: errand.label for errand in self.errands.values()}
        return rows | errands | {SEE_TO: _("查看还缺什么"), **self.further_steps}

    @functools.cached_property
    def state_values(self) -> frozenset[str]:
        """The values of its states."""
        return frozenset(self.states.values)

    def errand_with(self, obj: Any) -> Errand | None:
        """What is to be done outside of the system with an object as it is now."""
        errand = self.errands.get(getattr(obj, self.field_name))
        return errand if errand is not None and (not errand.fits or getattr(obj, errand.fits)) else None

    def see_to(self, obj: Any) -> Step:
        """The step of looking on the object's page what is missing."""
        return Step(SEE_TO, obj.get_absolute_url(), self.step_labels[SEE_TO])

    def awaited_in(self, state: str) -> frozenset[Role]:
        """The roles that are expected to act on an object in ``state``."""
        return frozenset(role for row in self.leaving(state) for role in row.awaited)

    def answers_for(self, clock: Clock, obj: Any) -> frozenset[Role]:
        """The roles that are late when ``clock`` runs out; never a household."""
        if clock.rule_key in self.late:
            who = self.late[clock.rule_key]
            return frozenset(who(obj) if callable(who) else who)
        state = clock.state or getattr(obj, self.field_name)
        return self.awaited_in(state) - set(NAMELESS)

    def proposed(self, obj: Any) -> Transition | None:
        """The transition that accepts the proposal waiting on ``obj``; None without one."""
        for name, second in self.proposals.items():
            row = self.get_transition(second)
            if getattr(obj, name) and getattr(obj, self.field_name) in row.arrow.sources:
                return row
        return None

    def final_states(self) -> list[str]:
        """The states that no transition leaves."""
        return [
            state
            for state in self.states.values
            if all(row.arrow.target in (state, STAYS) for row in self.leaving(state))
        ]

    def start(self, name: str) -> Callable[[Callable[P, M]], Callable[P, M]]:
        """Decorate the action that makes a new object (see ``acting.start``)."""
        from foundation.lifecycle import acting  # imported late: it imports models, which import this

        return acting.start(self, self.get_start(name))

    def transition(self, name: str) -> Callable[[Callable[Concatenate[M, P], None]], Action[M, P]]:
        """Decorate the body of a transition (see ``acting.transition``).

        Callers pass the arguments of the body and get the fresh object.
        """
        from foundation.lifecycle import acting

        return acting.transition(self, self.get_transition(name))

    def act(self, name: str, model: type[M]) -> TableAction[M]:
        """The action of a transition without a body; raises ``ValueError`` for another table's model."""
        if model._meta.label != self.label:
            raise ValueError(f"{self.label} does not rule {model._meta.label}")
        from foundation.lifecycle import acting

        return acting.act(self, self.get_transition(name))

    def trigger(self) -> pgtrigger.Trigger:
        """The database trigger that refuses every change of status that is not in the table.

        A change passes only while the transition of that name runs, so neither ``update()`` nor raw
        SQL can set a status.
        """
        return by_the_table(self)
