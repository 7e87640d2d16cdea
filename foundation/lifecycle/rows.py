"""The rows of a table of states and transitions, and the steps that they are for somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

from foundation.lifecycle.phases import Phase
from foundation.lifecycle.states import Arrow
from foundation.parties import Party, is_one_of
from foundation.refusals import Words
from foundation.roles import Actor, Role

if TYPE_CHECKING:
    from foundation.lifecycle.duties import Bar


#: The name of the transitions by which a death ends what is open for a person.
END_WITH_DEATH = "end_with_death"


@dataclass(frozen=True, eq=False)
class Transition:
    """One row of the table; it is the same as itself alone, so that it is quickly found among others.

    ``at`` names the clocks that make the transition when they run out. ``apart_from`` names
    transitions whose maker may not make this one (four eyes). ``proposal`` says that a second
    person accepts or rejects it, after which anybody may propose anew: only whoever proposed last
    is excluded from deciding. ``reason`` asks for a text, or for one of the given choices.
    ``consequence`` says what the transition causes, where whoever makes it must know that first. ``primary`` says for whom
    it is the next step that a worklist shows; ``at_once`` that it may be made from a list with one
    click. Transitions that share a word in ``alone`` (or whose function returns the same for their
    objects) wait for one another. ``kept_in`` names the field about people whose readers may read
    the reason. ``otherwise`` is the sentence for a transition that did something else than its
    label says; the body then sets the object's ``done_otherwise`` to it. ``later`` names the
    transition that takes the same form where this one comes too late. A transition starts from whole
    phases; ``exactly`` says that it is a step on the way, which starts from the states that it names and not
    from others of their phase; where it starts from whole phases besides, ``exactly`` names those states.
    ``from_any`` says that it ends or moves an object wherever it stands (a death, an exit, a hand-over): its
    sources are all states of all phases that are not over, but for those of the phases ``besides``. ``bars``
    keep certain people from it besides ``apart_from``. ``second`` says that it is the second of two steps though no
    transition of this table is the first: what it takes back or confirms was entered or asked for otherwise.
    ``fits`` names a property of the object that says whether the transition is offered at all (its action says why not). ``outcome_of`` names the further step of the
    table that a worklist shows instead: who decides sees all outcomes on the object's page before choosing one.
    ``lacks_by_day`` says that the day
    alone may change what is missing for it (``Action.lacks``). ``reads`` are relations to single rows that
    its body reads, fetched with the locked object. ``tells`` are roles that get a notice of it though nothing
    is awaited of them: it concerns their work. Of the actor's own
    role it is the others.
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
    exactly: bool | tuple[str, ...] = False
    from_any: bool = False
    besides: tuple[Phase, ...] = ()
    bars: tuple[Bar, ...] = ()
    second: bool = False
    fits: str = ""
    outcome_of: str = ""
    lacks_by_day: bool = False
    reads: tuple[str, ...] = ()
    tells: tuple[Role, ...] = ()

    @property
    def by_a_second_person(self) -> bool:
        """Whether it is the second of two steps, which neither a program makes nor a role that decides while it is lent."""
        return self.second or bool(self.apart_from)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of the parties who may make this transition."""
        return frozenset(party.role for party in self.by)

    def admits(self, actor: Actor, obj: Any) -> bool:
        """Whether the actor is of one of its parties to the object."""
        return is_one_of(self.by, actor, obj)

    def fitting(self, obj: Any) -> bool:
        """Whether it is for this object at all."""
        return not self.fits or bool(getattr(obj, self.fits))

    @property
    def dangerous(self) -> bool:
        """Whether it has a consequence and nobody awaits it, so that its button warns."""
        return bool(self.consequence) and not self.awaited

    @property
    def awaited(self) -> frozenset[Role]:
        """The roles that are expected to make this transition next."""
        if isinstance(self.primary, tuple):
            return self.roles & frozenset(self.primary)
        return self.roles if self.primary else frozenset()


@dataclass(frozen=True)
class Start:
    """How an object is made: in which state and by whom."""

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
    """Picks the deadline rule by the object: ``special`` where ``when`` is true, else ``usual``, which may
    pick in turn.
    """

    when: Callable[[Any], bool]
    special: str
    usual: str | ClockFor

    @property
    def keys(self) -> tuple[str, ...]:
        """Every rule that may be picked; "" is no rule and runs no clock."""
        others = self.usual.keys if isinstance(self.usual, ClockFor) else (self.usual,)
        return tuple(key for key in (self.special, *others) if key)

    def pick(self, obj: Any) -> str:
        """The rule for this object."""
        if self.when(obj):
            return self.special
        return self.usual.pick(obj) if isinstance(self.usual, ClockFor) else self.usual


ClockKey = str | ClockFor


@dataclass(frozen=True)
class Step:
    """The next step with an object: the name of a transition or of a further step, the address of its page,
    and its label.
    """

    name: str
    address: str
    label: Words = ""

    @staticmethod
    def of(row: Transition, obj: Any) -> Step:
        """The step that is a transition of the object, or the decision of which that is an outcome, on its page."""
        if row.outcome_of:
            return Step(row.outcome_of, obj.get_absolute_url(), obj.lifecycle.further_steps[row.outcome_of])
        return Step(row.name, obj.transition_address(row), row.label)


#: The step on an object's page of those who would make a transition, where what it lacks is theirs to see to.
SEE_TO = "see_to_it"


@dataclass(frozen=True)
class Errand:
    """What somebody does outside of the system while an object stands in a state, such as bringing documents.

    ``by`` are awaited until then. Where nobody of them can be addressed, as with a household without an account,
    those who go on afterwards are. Its page is that of the object. ``fits`` names a property of the object that says
    whether there is something to do; ``besides`` are others who do it, while those who make the transitions are awaited
    as well.
    """

    name: str
    by: tuple[Party, ...]
    label: Words
    fits: str = ""
    besides: tuple[Party, ...] = ()

    @property
    def parties(self) -> tuple[Party, ...]:
        """Everybody who does it."""
        return (*self.by, *self.besides)

    def step(self, obj: Any) -> Step:
        """It as the next step with an object."""
        return Step(self.name, obj.get_absolute_url(), self.label)
