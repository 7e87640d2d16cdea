"""Paths as in lookups (``provider__organization``): followed from an object, and read in its model."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.constants import LOOKUP_SEP


def keys_at(obj: Any, path: str) -> set[int | None]:
    """The keys at the end of a path from an object; empty where it breaks off."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    keys: set[int | None] = set()
    for target in reached(obj, before):
        value = _key(target, last)
        keys |= set(value) if isinstance(value, list | tuple) else {value}
    return keys - {None}


def _key(target: Any, name: str) -> Any:
    """The key that a field or property of ``target`` holds, of a related row or as it stands; several as a list."""
    by_key = getattr(target, f"{name}_id", None)
    if by_key is not None:
        return by_key
    value = getattr(target, name, None)
    if isinstance(value, models.Manager):
        return [found.pk for found in value.all()]
    return value.pk if isinstance(value, models.Model) else value


def reached(obj: Any, path: str) -> list[Any]:
    """The objects at the end of a path; none where it breaks off."""
    targets = [obj]
    for name in path.split(LOOKUP_SEP) if path else ():
        found: list[Any] = []
        for target in targets:
            value = getattr(target, name, None)
            if isinstance(value, models.Manager):
                found += value.all()
            elif value is not None:
                found.append(value)
        targets = found
    return targets


def values_at(obj: Any, path: str) -> list[Any]:
    """What stands at the end of a path, None where it breaks off; rows stand for their keys."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    found = [getattr(target, last, None) for target in reached(obj, before)]
    return [value.pk if isinstance(value, models.Model) else value for value in found] or [None]


def plain(lookup: str) -> str:
    """The path of a lookup, without ``isnull`` or ``in`` at its end."""
    path, _, last = lookup.rpartition(LOOKUP_SEP)
    return path if last in ("isnull", "in") else lookup


def joined(*parts: str) -> str:
    """The parts of a path as one."""
    return LOOKUP_SEP.join(part for part in parts if part)


@lru_cache(maxsize=1000)
def model_at(model: type[models.Model], path: str) -> type[models.Model]:
    """The model at the end of a path of relations."""
    for name in path.split(LOOKUP_SEP) if path else ():
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]  # a relation
    return model


@lru_cache(maxsize=1000)
def spreads(model: type[models.Model], path: str) -> bool:
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
    while path and spreads(model, path):
        path = path.rpartition(LOOKUP_SEP)[0]
    return path


def is_relation(model: type[models.Model], path: str) -> bool:
    """Whether a path leads to rows of a table, and not to a column."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    return model_at(model, before)._meta.get_field(last).is_relation


@lru_cache(maxsize=1000)
def is_list(model: type[models.Model], path: str) -> bool:
    """Whether a path ends at a list of keys."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    return isinstance(model_at(model, before)._meta.get_field(last), ArrayField | models.JSONField)


def lookup_of(model: type[models.Model], path: str) -> str:
    """The path as a lookup: a list contains the key."""
    return f"{path}__contains" if is_list(model, path) else path
