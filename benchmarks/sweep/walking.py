"""The walk of one role through all addresses that admit it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db import models

from benchmarks.sweep.addresses import Address, Kind, kind_of
from benchmarks.sweep.links import links
from benchmarks.sweep.objects import examples
from benchmarks.sweep.opening import Opened, opened
from benchmarks.sweep.people import Person
from foundation import moments

#: How many linked addresses of a route are opened beside those of objects, and how many with a query.
LINKED, ASKED = 2, 3
#: Milliseconds of one address after which it has missed for certain, and no more of it is opened.
ENOUGH = 6_000


class Walk:
    """Opens what a role may open: of each address with arguments several objects, and what links lead to."""

    def __init__(
        self, people: list[Person], among: list[Address], kinds: list[Kind], rounds: int = 3
    ) -> None:
        self.people, self.kinds, self.rounds = people, kinds, rounds
        self.role = people[0].role
        self.among = {address.route: address for address in among if self.role in address.admitted}
        #: What was opened, and by whom.
        self.opened: list[tuple[Opened, Person]] = []
        self._opened: dict[str, set[Person]] = defaultdict(set)
        self._linked: dict[str, dict[str, Person]] = defaultdict(dict)
        self._spent: dict[str, float] = defaultdict(float)
        self._values: dict[str, list[object]] = defaultdict(list)
        self._examples: dict[tuple[type[models.Model], str, str], list[tuple[Person, object]]] = {}

    def through(self) -> Walk:
        """Open everything."""
        for address in self.among.values():
            for person, path in self._planned(address):
                self._open(address, person, path)
        self._follow_links()
        for route in self.unreached():
            self._guess(self.among[route])
        return self

    def leave(self) -> None:
        """Sign everybody out, so that no session is left behind."""
        for person in {person for _row, person in self.opened if person.user is not None}:
            person.client.logout()

    @property
    def rows(self) -> list[Opened]:
        """What was opened, as it was measured at first."""
        return [row for row, _person in self.opened]

    def unreached(self) -> list[str]:
        """The routes of which nothing could be opened."""
        reached = {row.route for row in self.rows if row.status == 200}
        return [route for route in self.among if route not in reached]

    def answers(self, route: str) -> list[int]:
        """What an address answered where it could not be opened."""
        return sorted({row.status for row in self.rows if row.route == route})

    def _planned(self, address: Address) -> Iterator[tuple[Person, str]]:
        """Who opens which paths of an address."""
        if not address.arguments:
            for person in self.people[:2]:
                yield from ((person, path) for path in _with_queries(address, person, self._objects(address)))
            return
        kind = kind_of(address, self.kinds)
        for person, obj in self._objects(address):
            try:
                yield person, address.path(kind.values(obj)) if kind else ""
            except (KeyError, AttributeError):  # more arguments than an object fills: links may
                return

    def _objects(self, address: Address) -> list[tuple[Person, object]]:
        """Examples of the first person who sees any, each with that person."""
        kind = kind_of(address, self.kinds)
        model = kind.model if kind else getattr(address.view, "model", None)
        if model is None:
            return []
        only = kind.only if kind else {}
        key = model, str(only), str(address.ready)
        if key not in self._examples:
            self._examples[key] = []
            for person in self.people:
                found = examples(model, person.actor, only, address.ready)
                self._examples[key] = [(person, obj) for obj in found]
                if found:
                    break
        return self._examples[key]

    def _follow_links(self) -> None:
        """Open what is linked, until nothing new is found or enough of each route is open."""
        count: dict[tuple[str, bool], int] = defaultdict(int)
        while self._linked:
            linked, self._linked = self._linked, defaultdict(dict)
            for route, paths in linked.items():
                for path, person in paths.items():
                    asked = "?" in path
                    if path not in self._opened and count[route, asked] < (ASKED if asked else LINKED):
                        count[route, asked] += 1
                        self._open(self.among[route], person, path)

    def _guess(self, address: Address) -> None:
        """Fill the arguments that no object and no link fills with values seen elsewhere."""
        kind = kind_of(address, self.kinds)
        for person, obj in self._objects(address)[:2]:
            known = kind.values(obj) if kind else {}
            for name in address.arguments:
                if name not in known and self._values[name]:
                    known[name] = self._values[name][0]
            if set(address.arguments) <= set(known):
                self._open(address, person, address.path(known))

    def _open(self, address: Address, person: Person, path: str) -> None:
        if not path or person in self._opened[path] or self._spent[address.route] > ENOUGH:
            return
        self._opened[path].add(person)
        row, text = opened(person.client, address.route, self.role, path, self.rounds)
        self.opened.append((row, person))
        self._spent[address.route] += row.ms
        if row.status != 200:
            return
        for route, values, to in links(text, path):
            if route in self.among and (values or "?" in to):
                self._linked[route].setdefault(to, person)
            for name, value in values.items():
                if value not in self._values[name]:
                    self._values[name].append(value)


def _with_queries(address: Address, person: Person, objects: list[tuple[Person, object]]) -> Iterator[str]:
    """The path itself, and with what people look for or programs filter by."""
    yield address.route
    if address.route == "/search/":
        for query in (f"ZJ-{moments.today().year}-0", f"JT-{moments.today().year}-00", "王", "爱众"):
            yield f"{address.route}?q={query}"
    for name in getattr(address.view, "filterset_fields", ()):
        for mine, obj in objects[:1]:
            if mine == person:
                value = getattr(obj, obj._meta.get_field(name).attname, None)
                if value not in (None, ""):
                    yield f"{address.route}?{name}={value}"
