"""Parties: who takes part in an object, as a role and paths from the object.

One declaration gives three things: the guard on one object (``admits``), the filter of lists (one SQL
condition, ``condition``), and the addressees of notices and work items (``addressees``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.constants import LOOKUP_SEP

from foundation.lifecycle.phases import Phase, Phases, together
from foundation.roles import ONE_OF_MANY, Actor, Role

if TYPE_CHECKING:
    from foundation.lifecycle.states import States


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
    condition on the object itself that only the database can answer.
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

    def along(self, path: str) -> Party:
        """The same party to an object from which ``path`` leads to the object of this one.

        Raises ``ValueError`` for a party with ``matching``, which is about the object itself.
        """
        if self.matching is not None:
            raise ValueError("a condition on the object itself cannot be reached along a path")
        return replace(self, at=_joined(path, self.at))

    def limited(self, **where: Any) -> Party:
        """The same party, where these lookups hold as well."""
        return replace(self, where={**self.where, **where})

    def admits(self, actor: Actor, obj: Any) -> bool:
        """Whether the actor is of this party to ``obj``, which is saved."""
        if actor.role != self.role:
            return False
        return any(self._is_of(actor, target) for target in _reached(obj, self.at)) and self._matches(obj)

    def _is_of(self, actor: Actor, target: Any) -> bool:
        """Whether the actor is of this party to what stands at the end of ``at``."""
        mine = all(key is not None and key in keys_at(target, path) for path, key in self._own(actor))
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
        target = _model_at(model, self.at)
        found = models.Q()
        for path, key in own:
            found &= self._with(_lookup(target, path), [key] if _is_list(target, path) else key)
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
        return models.Q(**{_joined(self.at, lookup): wanted})

    def _once(self, model: type[models.Model], found: models.Q) -> models.Q:
        """The condition such that no object is found twice because a path leads over several rows."""
        lookups = (self.organization, self.place, self.user, *self.where)
        paths = [_joined(self.at, lookup) for lookup in ("", *lookups)]
        if any(_spreads(model, path) for path in paths):
            return models.Q(pk__in=model._default_manager.filter(found).values("pk"))
        return found

    def addressees(self, obj: Any, among: Matching | None = None) -> list[Addressee]:
        """Who is of this party to ``obj``: nobody if its phase or lookups do not fit, or its path ends empty.

        ``among`` holds the objects of which it is asked one after another.
        """
        found: dict[Addressee, None] = {}
        for target in _reached(obj, self.at):
            if self._stands(target):
                found |= dict.fromkeys(self._addressees_at(target))
        return list(found) if found and self._matches(obj, among) else []

    def joins(self, model: type[models.Model]) -> list[str]:
        """The relations to fetch with objects of ``model`` for ``admits`` and ``addressees``."""
        return [path for path in self._relations(model) if not _spreads(model, path)]

    def branches(self, model: type[models.Model]) -> list[str]:
        """The relations over several rows that ``admits`` and ``addressees`` read."""
        return [path for path in self._relations(model) if _spreads(model, path)]

    def _relations(self, model: type[models.Model]) -> list[str]:
        """The relations that its paths lead along."""
        lookups = (self.organization, self.place, self.user, *self.where, *self.unless)
        ends = {lookup.rpartition(LOOKUP_SEP)[0] for lookup in lookups} - {""}
        paths = [_joined(self.at, end) for end in sorted(ends or {""})]
        return [path for path in paths if path and _is_relation(model, path)]

    def _matches(self, obj: Any, among: Matching | None = None) -> bool:
        """Whether the database finds ``matching`` true of the object."""
        return self.matching is None or (among or Matching([obj])).fulfils(obj, self.matching)

    def _addressees_at(self, target: Any) -> Iterator[Addressee]:
        """The addressees from what stands at the end of ``at``."""
        anybody: set[int | None] = {None}
        organizations = keys_at(target, self.organization) if self.organization else anybody
        places = keys_at(target, self.place) if self.place else anybody
        users = keys_at(target, self.user) if self.user else anybody
        for organization, place, user in itertools.product(organizations, places, users):
            yield Addressee(self.role, organization, place, user)


class Matching:
    """Which of several objects of one model fulfil conditions that the database answers: one statement each."""

    def __init__(self, objects: Sequence[Any]) -> None:
        self._objects = objects
        self._found: dict[models.Q, set[int]] = {}

    def fulfils(self, obj: Any, condition: models.Q) -> bool:
        """Whether the condition holds on one of the objects."""
        if condition not in self._found:
            rows = type(obj)._default_manager.filter(condition, pk__in=[found.pk for found in self._objects])
            self._found[condition] = set(rows.values_list("pk", flat=True))
        return obj.pk in self._found[condition]


#: The condition that no object fulfils.
NOTHING = models.Q(pk__in=[])

THE_SYSTEM = Party(Role.SYSTEM)


def everybody_in(roles: Iterable[Role], **paths: Any) -> tuple[Party, ...]:
    """A party of each role with the same paths."""
    return tuple(Party(role, **paths) for role in roles)


def along(path: str, parties: Iterable[Party]) -> tuple[Party, ...]:
    """The parties to an object from which ``path`` leads to the object of these."""
    return tuple(party.along(path) for party in parties)


def reached_by(parties: Iterable[Party], obj: Any, among: Matching | None = None) -> list[Addressee]:
    """The addressees of several parties to an object (one of ``among``), each once."""
    return list(dict.fromkeys(found for party in parties for found in party.addressees(obj, among)))


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


def keys_at(obj: Any, path: str) -> set[int | None]:
    """The keys at the end of a path from an object; empty where it breaks off."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    keys: set[int | None] = set()
    for target in _reached(obj, before):
        value = _key(target, last)
        keys |= set(value) if isinstance(value, list | tuple) else {value}
    return keys - {None}


def states_of(model: Any) -> type[States]:
    """The states of a model with a lifecycle."""
    states: type[States] = model.lifecycle.states
    return states


def _key(target: Any, name: str) -> Any:
    """The key that a field or property of ``target`` holds, of a related row or as it stands; several as a list."""
    by_key = getattr(target, f"{name}_id", None)
    if by_key is not None:
        return by_key
    value = getattr(target, name, None)
    if isinstance(value, models.Manager):
        return [found.pk for found in value.all()]
    return value.pk if isinstance(value, models.Model) else value


def _reached(obj: Any, path: str) -> list[Any]:
    """The objects at the end of a path; none where it breaks off."""
    reached = [obj]
    for name in path.split(LOOKUP_SEP) if path else ():
        found: list[Any] = []
        for target in reached:
            value = getattr(target, name, None)
            if isinstance(value, models.Manager):
                found += value.all()
            elif value is not None:
                found.append(value)
        reached = found
    return reached


def _fulfils(target: Any, lookup: str, wanted: Any) -> bool:
    """Whether a lookup holds on an object; raises ``ValueError`` for one that is not known here."""
    path, _, last = lookup.rpartition(LOOKUP_SEP)
    if last in ("isnull", "in"):
        name = path
    elif last in LEFT_TO_THE_DATABASE:
        raise ValueError(f"parties do not know the lookup {lookup}")
    else:
        name, last = lookup, "exact"
    values = _values(target, name)
    if last == "isnull":
        return all(value is None for value in values) is wanted
    return any((value in wanted) if last == "in" else (value == wanted) for value in values)


#: Lookups that are written in ``matching``, since only the database answers them.
LEFT_TO_THE_DATABASE = frozenset({"contains", "gt", "gte", "lt", "lte", "range", "startswith", "overlap"})


def _values(target: Any, path: str) -> list[Any]:
    """What stands at the end of a path, None where it breaks off; rows stand for their keys."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    found = [getattr(reached, last, None) for reached in _reached(target, before)]
    return [value.pk if isinstance(value, models.Model) else value for value in found] or [None]


def _joined(*parts: str) -> str:
    """The parts of a path as one."""
    return LOOKUP_SEP.join(part for part in parts if part)


@lru_cache(maxsize=1000)
def _model_at(model: type[models.Model], path: str) -> type[models.Model]:
    """The model at the end of a path of relations."""
    for name in path.split(LOOKUP_SEP) if path else ():
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]  # a relation
    return model


@lru_cache(maxsize=1000)
def _spreads(model: type[models.Model], path: str) -> bool:
    """Whether a path leads over several rows of one object."""
    for name in path.split(LOOKUP_SEP) if path else ():
        relation = model._meta.get_field(name)
        if relation.one_to_many or relation.many_to_many:
            return True
        if not relation.is_relation:
            return False
        model = relation.related_model  # type: ignore[assignment]  # a relation
    return False


@lru_cache(maxsize=1000)
def single(model: type[models.Model], path: str) -> str:
    """The beginning of a path that leads to one row of each object; "" if it spreads at once."""
    while path and _spreads(model, path):
        path = path.rpartition(LOOKUP_SEP)[0]
    return path


def _is_relation(model: type[models.Model], path: str) -> bool:
    """Whether a path leads to rows of a table, and not to a column."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    return _model_at(model, before)._meta.get_field(last).is_relation


@lru_cache(maxsize=1000)
def _is_list(model: type[models.Model], path: str) -> bool:
    """Whether a path ends at a list of keys."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    return isinstance(_model_at(model, before)._meta.get_field(last), ArrayField | models.JSONField)


def _lookup(model: type[models.Model], path: str) -> str:
    """The path as a lookup: a list contains the key."""
    return f"{path}__contains" if _is_list(model, path) else path
