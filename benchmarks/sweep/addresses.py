"""What there is to open: every GET address of the URL configuration, and what fills its arguments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.db import models
from django.urls import Resolver404, resolve

from benchmarks.sweep.further import FURTHER
from foundation.lifecycle.table import Transition
from marketplace import permissions_table
from marketplace.monitoring.request_log import WATCHED

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
#: The values of the arguments of a route, by name.
Values = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """The objects whose values fill the beginning of some routes."""

    head: str
    model: type[models.Model]
    values: Callable[[Any], Values]
    only: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Address:
    """A route that can be opened, and who may."""

    route: str
    view: Any
    admitted: frozenset[str]

    @cached_property
    def arguments(self) -> list[str]:
        """The names of its arguments, in order."""
        return ARGUMENT.findall(self.route)

    @property
    def ready(self) -> dict[str, Any]:
        """The condition under which the transition of this page may be made; none for other pages."""
        row, lifecycle = getattr(self.view, "row", None), getattr(self.view, "lifecycle", None)
        if lifecycle is None or not isinstance(row, Transition):
            return {}
        return {f"{lifecycle.field_name}__in": sorted(row.arrow.sources)}

    def path(self, values: Values) -> str:
        """The address with these values; raises ``KeyError`` for an argument without one."""
        return ARGUMENT.sub(lambda part: quote(str(values[part.group(1)])), self.route)


def addresses() -> list[Address]:
    """Every address that somebody may open; those of the machines that watch are nobody's page."""
    return [
        Address(address.route, address.view, address.access.admitted("GET"))
        for address in permissions_table.addresses()
        if address.access and "GET" in address.methods and address.access.admitted("GET")
        if not address.route.startswith(WATCHED)
    ]


def route_of(path: str) -> tuple[str, Values] | None:
    """The route that answers a path, and the values of its arguments; None if no route does."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return f"/{match.route}", match.kwargs


def kinds() -> list[Kind]:
    """The kinds of objects, those with the longest heads first."""
    found = {kind.head: kind for kind in [*_of_views(), *_of_models(), *_further()]}
    return sorted(found.values(), key=lambda kind: -len(kind.head))


def kind_of(address: Address, among: list[Kind]) -> Kind | None:
    """The kind that fills the most of an address."""
    return next((kind for kind in among if address.route.startswith(kind.head)), None)


def _of_views() -> Iterator[Kind]:
    """Kinds that pages of transitions and endpoints of the API name themselves."""
    votes: dict[str, Counter[type[models.Model]]] = {}
    for address in permissions_table.addresses():
        lifecycle = getattr(address.view, "lifecycle", None)
        model = getattr(lifecycle, "model", None) or getattr(address.view, "model", None)
        head = address.route.partition(">")[0] + ">"
        if model is not None and "<" in head:
            votes.setdefault(head, Counter())[model] += 1
    for head, voted in votes.items():
        name = ARGUMENT.findall(head)[-1]
        yield Kind(head, voted.most_common(1)[0][0], lambda obj, name=name: {name: getattr(obj, name)})


def _of_models() -> Iterator[Kind]:
    """Kinds whose objects say where their page is."""
    for model in apps.get_models():
        obj: Any = model._default_manager.first() if hasattr(model, "get_absolute_url") else None
        try:
            found = route_of(obj.get_absolute_url()) if obj is not None else None
        except AttributeError:  # it leads to another object, which this one lacks
            found = None
        if found is not None and found[1]:
            yield Kind(found[0], model, lambda obj: (route_of(obj.get_absolute_url()) or ("", {}))[1])


def _further() -> Iterator[Kind]:
    """Kinds that neither a view nor a model names."""
    for one in FURTHER:
        yield Kind(one.head, apps.get_model(one.model), one.values, one.only)
