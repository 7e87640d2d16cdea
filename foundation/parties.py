"""Parties: who takes part in an object, as a role and paths from the object.

One declaration gives three things: the guard on one object (``admits``), the filter of lists (one SQL
condition, ``condition``), and the addressees of notices and work items (``addressees``).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from django.db import models
from django.db.models.constants import LOOKUP_SEP

from foundation import paths
from foundation.hooks import Hook
from foundation.lifecycle.phases import Phase, Phases, together
from foundation.roles import ONE_OF_MANY, OVERSEERS, Actor, Role

if TYPE_CHECKING:
    from foundation.lifecycle.states import States


#: Gives the roles that each of several people holds today, by the keys of their accounts; see ``organizations``.
roles_held: Hook[[Collection[int]], Mapping[int, Collection[str]]] = Hook()


#: Gives the keys of the people whom several addressees mean today.
people_meant: Hook[[Collection[Addressee]], Mapping[Addressee, Collection[int]]] = Hook()


class Addressee(NamedTuple):
    """A role, and the key of the organization, the place or the person who holds it; None for anybody's."""

    role: Role
    organization: int | None = None
    place: int | None = None
    user: int | None = None

    @property
    def definite(self) -> bool:
        """Whether it names somebody: a role that many hold, each for their own, does not alone."""
        return self.role not in ONE_OF_MANY or any(self[1:])

    @property
    def bound_to(self) -> tuple[bool, bool, bool]:
        """Whether it names an organization, a place and a person."""
        return self.organization is not None, self.place is not None, self.user is not None

    def beside(self, reader: Actor) -> bool:
        """Whether the reader is this person, or of the same organization or place."""
        return (
            (self.user is not None and self.user == reader.user_id)
            or (self.organization is not None and self.organization == reader.organization_id)
            or (self.place is not None and self.place == reader.place_id)
        )

    def means(self, actor: Actor) -> bool:
        """Whether the actor is addressed by it."""
        held = (actor.organization_id, actor.place_id, actor.user_id)
        return self.role == actor.role and all(
            key in (None, own) for key, own in zip(self[1:], held, strict=True)
        )

    @property
    def seat(self) -> str:
        """It as one text, by which work items are found."""
        return f"{self.role} {self.organization or ''} {self.place or ''} {self.user or ''}"


@dataclass(frozen=True)
class Party:
    """A role, and what ties the person in it to the object.

    ``organization``, ``place`` and ``user`` are paths as in lookups (``provider__organization``) to what
    must be the actor's own; a path may lead over several rows (any of them), or to a list of keys.
    ``phases`` are those of the object in which the party takes part. ``where`` are lookups that must all
    hold besides, ``unless`` lookups of which none may hold: exact values, ``__isnull`` or ``__in``. All of
    them start from the object, or from what stands ``at`` the end of a path from it. ``matching`` is a
    condition on the object itself that only the database can answer. ``named_to`` are the roles that are
    told, of an object that they see, who of this party is awaited; its own side always is. Unsaid, a
    person is named to oversight alone, an organization or a place to whoever sees the object. ``if_held``
    says that the person may be of several roles, of which each is a party: he is addressed in those that he
    holds today. ``everybody`` says of a role that many hold, each for their own organization, place or
    household, that all of them take part.
    """

    role: Role
    organization: str = ""
    place: str = ""
    user: str = ""
    phases: Phase | Phases | None = None
    where: Mapping[str, Any] = field(default_factory=dict, hash=False)
    unless: Mapping[str, Any] = field(default_factory=dict, hash=False)
    at: str = ""
    matching: models.Q | None = None
    named_to: tuple[Role, ...] | None = None
    if_held: bool = False
    everybody: bool = False

    def along(self, path: str) -> Party:
        """The same party to an object from which ``path`` leads to the object of this one.

        Raises ``ValueError`` for a party with ``matching``, which is about the object itself.
        """
        if self.matching is not None:
            raise ValueError("a condition on the object itself cannot be reached along a path")
        return replace(self, at=paths.joined(path, self.at))

    def limited(self, **where: Any) -> Party:
        """The same party, where these lookups hold as well."""
        return replace(self, where={**self.where, **where})

    @property
    def bound_to(self) -> tuple[bool, bool, bool]:
        """Whether its addressees name an organization, a place and a person."""
        return bool(self.organization), bool(self.place), bool(self.user)

    def told(self, addressee: Addressee, reader: Actor) -> Addressee:
        """One of its addressees as far as a reader of the object is told who that is: without the person
        whom it may not name, or the role alone.
        """
        named_to = OVERSEERS if self.named_to is None and self.user else self.named_to
        if named_to is None or reader.role in named_to or addressee.beside(reader):
            return addressee
        return addressee._replace(user=None) if self.user else Addressee(addressee.role)

    def admits(self, actor: Actor, obj: Any) -> bool:
        """Whether the actor is of this party to ``obj``, which is saved."""
        if actor.role != self.role:
            return False
        return any(self._is_of(actor, target) for target in paths.reached(obj, self.at)) and (
            self.matching is None or Matching([obj]).fulfils(obj, self.matching)
        )

    def concerns(self, obj: Any) -> bool:
        """Whether its lookups hold for an object, whatever phase that is in."""
        return any(replace(self, phases=None)._stands(target) for target in paths.reached(obj, self.at))

    def _is_of(self, actor: Actor, target: Any) -> bool:
        """Whether the actor is of this party to what stands at the end of ``at``."""
        mine = all(key is not None and key in paths.keys_at(target, path) for path, key in self._own(actor))
        return mine and self._stands(target)

    def _own(self, actor: Actor) -> list[tuple[str, int | None]]:
        """The paths of this party, each with the key of the actor that its end must be."""
        own = (
            (self.organization, actor.organization_id),
            (self.place, actor.place_id),
            (self.user, actor.user_id),
        )
        return [(path, key) for path, key in own if path]

    def _stands(self, target: Any) -> bool:
        """Whether the object is in a phase of the party, and its lookups hold."""
        if self.phases is not None:
            state = states_of(target)(getattr(target, target.lifecycle.field_name))
            if state.phase not in together((self.phases,)):
                return False
        return all(_fulfils(target, *lookup) for lookup in self.where.items()) and not any(
            _fulfils(target, *lookup) for lookup in self.unless.items()
        )

    def condition(self, model: type[models.Model], actor: Actor) -> models.Q:
        """The condition of the objects of ``model`` to which the actor is of this party."""
        own = self._own(actor)
        if actor.role != self.role or any(key is None for _, key in own):
            return NOTHING
        target = paths.model_at(model, self.at)
        found = models.Q()
        for path, key in own:
            found &= self._with(paths.lookup_of(target, path), [key] if paths.is_list(target, path) else key)
        if self.phases is not None:
            name = target.lifecycle.field_name  # type: ignore[attr-defined]  # phases are those of a lifecycle
            found &= self._with(f"{name}__in", states_of(target).in_phase(self.phases))
        for lookup, wanted in self.where.items():
            found &= self._with(lookup, wanted)
        for lookup, wanted in self.unless.items():
            found &= ~self._with(lookup, wanted)
        return self._once(model, found if self.matching is None else found & self.matching)

    def _with(self, lookup: str, wanted: Any) -> models.Q:
        """The condition of one lookup from the end of ``at``."""
        return models.Q(**{paths.joined(self.at, lookup): wanted})

    def _once(self, model: type[models.Model], found: models.Q) -> models.Q:
        """The condition such that no object is found twice because a path leads over several rows."""
        lookups = (self.organization, self.place, self.user, *self.where)
        ends = (paths.joined(self.at, paths.plain(lookup)) for lookup in ("", *lookups))
        if any(paths.spreads(model, end) for end in ends):
            return models.Q(pk__in=model._default_manager.filter(found).values("pk"))
        return found

    def addressees(self, obj: Any, among: Matching | None = None) -> list[Addressee]:
        """Who is of this party to ``obj``: nobody if its phase or lookups do not fit, or its path ends empty.

        Of people who may be of several roles those who hold the party's role today. ``among`` holds the objects
        of which it is asked one after another.
        """
        found: dict[Addressee, None] = {}
        for target in paths.reached(obj, self.at):
            if self._stands(target):
                found |= dict.fromkeys(self._addressees_at(target))
        among = among or Matching([obj])
        if not found or (self.matching is not None and not among.fulfils(obj, self.matching)):
            return []
        if not self.asks_who_holds(type(obj)):
            return list(found)
        holders = among.holders(self)
        return [addressee for addressee in found if addressee.user in holders]

    def asks_who_holds(self, model: type[models.Model]) -> bool:
        """Whether the people of this party to objects of ``model`` may be of other roles: all on a list may."""
        return self.if_held or (bool(self.user) and paths.is_list(paths.model_at(model, self.at), self.user))

    def joins(self, model: type[models.Model]) -> list[str]:
        """The relations to fetch with objects of ``model`` for ``admits`` and ``addressees``."""
        return [path for path in self._relations(model) if not paths.spreads(model, path)]

    def branches(self, model: type[models.Model]) -> list[str]:
        """The relations over several rows that ``admits`` and ``addressees`` read."""
        return [path for path in self._relations(model) if paths.spreads(model, path)]

    def _relations(self, model: type[models.Model]) -> list[str]:
        """The relations that its paths lead along."""
        lookups = (self.organization, self.place, self.user, *self.where, *self.unless)
        ends = {lookup.rpartition(LOOKUP_SEP)[0] for lookup in lookups} - {""}
        relations = [paths.joined(self.at, end) for end in sorted(ends or {""})]
        return [path for path in relations if path and paths.is_relation(model, path)]

    def _addressees_at(self, target: Any) -> Iterator[Addressee]:
        """The addressees from what stands at the end of ``at``."""
        anybody: set[int | None] = {None}
        organizations = paths.keys_at(target, self.organization) if self.organization else anybody
        places = paths.keys_at(target, self.place) if self.place else anybody
        users = paths.keys_at(target, self.user) if self.user else anybody
        for organization, place, user in itertools.product(organizations, places, users):
            yield Addressee(self.role, organization, place, user)


class Matching:
    """What only the database answers of several objects of one model: one statement for each question."""

    def __init__(self, objects: Sequence[Any]) -> None:
        self._objects = objects
        self._found: dict[models.Q, set[int]] = {}
        self._roles: dict[tuple[str, str], dict[int, set[str]]] = {}

    def fulfils(self, obj: Any, condition: models.Q) -> bool:
        """Whether the condition holds on one of the objects."""
        if condition not in self._found:
            rows = type(obj)._default_manager.filter(condition, pk__in=[found.pk for found in self._objects])
            self._found[condition] = set(rows.values_list("pk", flat=True))
        return obj.pk in self._found[condition]

    def holders(self, party: Party) -> set[int]:
        """The people of a party who hold its role today, of all objects together."""
        path = (party.at, party.user)
        if path not in self._roles:
            self._roles[path] = self._roles_at(*path)
        return {user for user, roles in self._roles[path].items() if party.role in roles}

    def _roles_at(self, at: str, user: str) -> dict[int, set[str]]:
        """The roles that the people at the end of a path hold today."""
        targets = [target for obj in self._objects for target in paths.reached(obj, at)]
        people = {key for target in targets for key in paths.keys_at(target, user) if key is not None}
        found: dict[int, set[str]] = {}
        for part in roles_held.call(people) if people else ():
            for key, roles in part.items():
                found.setdefault(key, set()).update(roles)
        return found


#: The condition that no object fulfils.
NOTHING = models.Q(pk__in=[])

THE_SYSTEM = Party(Role.SYSTEM)


def everybody_in(roles: Iterable[Role], **paths: Any) -> tuple[Party, ...]:
    """A party of each role with the same paths; a person at the end of one is addressed in the roles he holds.

    Without a path to an organization, a place or a person it is everybody in these roles.
    """
    wanted = tuple(roles)
    held = "user" in paths and len(wanted) > 1
    everybody = not paths.keys() & {"organization", "place", "user"}
    return tuple(Party(role, if_held=held, everybody=everybody, **paths) for role in wanted)


def along(path: str, parties: Iterable[Party]) -> tuple[Party, ...]:
    """The parties to an object from which ``path`` leads to the object of these."""
    return tuple(party.along(path) for party in parties)


def is_one_of(parties: Iterable[Party], actor: Actor, obj: Any) -> bool:
    """Whether the actor is of one of several parties to an object."""
    return any(party.admits(actor, obj) for party in parties)


def reads(actor: Actor | None, obj: Any, field: str) -> bool:
    """Whether the actor, who sees the object, reads this field of it, or what pages show under its name.

    A model names in ``read_by`` the parties that read what not everybody reads who sees an object; page, API and
    worklist ask here.
    """
    return field in those_read(actor, obj, (field,))


def those_read(actor: Actor | None, obj: Any, fields: Collection[str]) -> set[str]:
    """Those of several fields that the actor reads; parties who read more than one are asked once."""
    readers: Mapping[str, Sequence[Party]] = getattr(obj, "read_by", {})
    asked = {id(readers[name]): readers[name] for name in fields if name in readers}
    mine = {key for key, parties in asked.items() if actor is not None and is_one_of(parties, actor, obj)}
    return {name for name in fields if name not in readers or id(readers[name]) in mine}


def reached_by(parties: Iterable[Party], obj: Any, among: Matching | None = None) -> list[Addressee]:
    """The addressees of several parties to an object (one of ``among``), each once."""
    among = among or Matching([obj])
    return list(dict.fromkeys(found for party in parties for found in party.addressees(obj, among)))


def told(parties: Iterable[Party], addressee: Addressee, reader: Actor) -> Addressee:
    """An addressee of one of several parties, as far as every one that it may be of is named to the reader."""
    for party in parties:
        if (party.role, party.bound_to) == (addressee.role, addressee.bound_to):
            addressee = party.told(addressee, reader)
    return addressee


#: Parties that only code asks for: who reads or knows something of objects, each with the labels of their models.
TOLD: list[tuple[tuple[str, ...], tuple[Party, ...]]] = []


def told_of(*labels: str, parties: Iterable[Party]) -> tuple[Party, ...]:
    """Parties whom code tells something of objects of the models of these labels, so that checks look at them."""
    found = tuple(parties)
    TOLD.append((labels, found))
    return found


def knowing(party: Party) -> tuple[Party, ...]:
    """Who knows a party that is named to some roles only: these, and itself."""
    return (*everybody_in(party.named_to or ()), party)


def seen_by(model: type[models.Model], parties: Iterable[Party], actor: Actor) -> models.Q | None:
    """The condition of what the actor sees as one of the parties; None if that is everything."""
    found = NOTHING
    for party in parties:
        if party.role != actor.role:
            continue
        condition = party.condition(model, actor)
        if not condition:
            return None
        found = condition if found == NOTHING else found | condition
    return found


M = TypeVar("M", bound=models.Model)


class SeenQuerySet(models.QuerySet[M]):
    """A queryset of a model that declares ``seen_by``: the parties who see its objects."""

    def visible_to(self, actor: Actor) -> Self:
        """The objects that the actor sees, by one condition."""
        model: Any = self.model
        condition = seen_by(model, model.seen_by, actor)
        return self if condition is None else self.filter(condition)


def states_of(model: Any) -> type[States]:
    """The states of a model with a lifecycle."""
    states: type[States] = model.lifecycle.states
    return states


def _fulfils(target: Any, lookup: str, wanted: Any) -> bool:
    """Whether a lookup holds on an object; raises ``ValueError`` for one that is not known here."""
    path, _, last = lookup.rpartition(LOOKUP_SEP)
    if last in ("isnull", "in"):
        name = path
    elif last in LEFT_TO_THE_DATABASE:
        raise ValueError(f"parties do not know the lookup {lookup}")
    else:
        name, last = lookup, "exact"
    values = paths.values_at(target, name)
    if last == "isnull":
        return all(value is None for value in values) is wanted
    return any((value in wanted) if last == "in" else (value == wanted) for value in values)


#: Lookups that are written in ``matching``, since only the database answers them.
LEFT_TO_THE_DATABASE = frozenset({"contains", "gt", "gte", "lt", "lte", "range", "startswith", "overlap"})
