"""Whole pages and lists of the API, compared with their rows by primary key in one statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.template.base import Template
from django.test import Client

from benchmarks import floors
from benchmarks.measuring import Case
from catalog.hsds import ids
from foundation import moments
from organizations.people.models import User

#: A demo account of every role that has one.
PEOPLE = {
    "civil affairs": "minzheng",
    "window": "chuangkou",
    "assistant": "xieguan",
    "grid worker": "wangge",
    "hotline": "rexian",
    "handler": "bumen",
    "secretary": "mishu",
    "coordinator": "jigou",
    "social worker": "shegong",
    "evaluator": "pinggu",
    "finance": "caizheng",
    "auditor": "shenji",
    "household": "jiating",
}

#: Lists page by page: the address, who opens it, and the floor.
LISTS = (
    ("/referrals/", "window", "referrals"),
    ("/referrals/", "civil affairs", "referrals"),
    ("/matters/", "window", "matters"),
    ("/households/", "window", "households"),
    ("/contracts/", "civil affairs", "contracts"),
    ("/invoices/", "finance", "invoices"),
    ("/offers/", "civil affairs", "offers"),
    ("/providers/", "civil affairs", "providers"),
    ("/organizations/", "", "providers"),
)

#: What is searched for, by whom.
SEARCHES = (("ZJ-{year}-0000", "civil affairs"), ("ZJ-{year}-0000", "window"), ("照料", "auditor"))

#: Searches of the catalog, and lists of the directory.
CATALOG = (("two characters", "/?q=照料"), ("one character", "/?q=心"), ("by people", "/?people=elderly"))
DIRECTORY = (
    ("services", "/hsds/services", "service", "services"),
    ("services searched", "/hsds/services?search=照料", "service", "services"),
    ("services by term", "/hsds/services?taxonomy_term_id={term}", "service", "services"),
    ("organizations", "/hsds/organizations", "organization", "organizations"),
)

#: Targets: a workbench, and all else.
WORKBENCH, PAGE = 3, 4

BY_KEY = "the same rows by primary key in one statement"


def cases() -> Iterator[Case]:
    """Every workbench, list and search, on the database of this process."""
    for role, name in PEOPLE.items():
        yield _workbench(role, name)
    for address, role, floor in LISTS:
        yield _list(address, role, floor)
    year, term = moments.today().year, ids.of_code("C")
    for asked, role in SEARCHES:
        yield _search(asked.format(year=year), role)
    for words, address in CATALOG:
        yield _catalog(words, address)
    for words, address, kind, floor in DIRECTORY:
        yield _directory(words, address.format(term=term), kind, floor)


def forget() -> None:
    """Begin cold: without caches of this process, and with a connection that has planned nothing yet."""
    cache.clear()
    connection.close()


def opened(client: Client, address: str) -> bytes:
    """The page at an address; raises ``ValueError`` for anything but a page."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise ValueError(f"{address}: {answer.status_code}")
    return answer.content


def _client(role: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    if role:
        client.force_login(User.objects.get(username=PEOPLE[role]))
    return client


@contextmanager
def _contexts() -> Iterator[list[dict[str, Any]]]:
    """What templates are given while pages are made."""
    found: list[dict[str, Any]] = []
    plain: Callable[..., Any] = Template._render

    def watched(template: Template, context: Any) -> Any:
        found.append(context.flatten())
        return plain(template, context)

    Template._render = watched
    try:
        yield found
    finally:
        Template._render = plain


def shown(client: Client, address: str, name: str) -> Any:
    """What the template of a page is given by that name."""
    with _contexts() as found:
        opened(client, address)
    return next(context for context in found if name in context)[name]


def _case(
    name: str, client: Client, address: str, floor: Callable[[], Any], shows: Any, target: float
) -> Case:
    return Case(name, BY_KEY, partial(opened, client, address), floor, target, shows)


def _workbench(role: str, name: str) -> Case:
    client = _client(role)
    bench = shown(client, "/workbench/", "bench")
    keys = {row.item.pk for row in (*bench.to_do, *bench.others)}
    name = f"workbench, {role}"
    return _case(name, client, "/workbench/", partial(floors.waiting, list(keys)), keys, WORKBENCH)


def _list(address: str, role: str, floor: str) -> Case:
    client = _client(role)
    keys = [row.pk for row in shown(client, address, "page")]
    words = f"list {address}, {role or 'anybody'}"
    return _case(words, client, address, partial(floors.rows, floor, keys), keys, PAGE)


def _search(asked: str, role: str) -> Case:
    client, address = _client(role), f"/search/?q={asked}"
    wanted = {name: [row.pk for row in shown(client, address, name)] for name in floors.SEARCHED}
    shows = {name: set(keys) for name, keys in wanted.items()}
    return _case(
        f"search for {asked}, {role}", client, address, partial(floors.searched, wanted), shows, PAGE
    )


def _catalog(words: str, address: str) -> Case:
    client = _client("")
    keys = [row.item for row in shown(client, address, "leaf").rows]
    name = f"search of the catalog, {words}"
    return _case(name, client, address, partial(floors.rows, "items", keys), keys, PAGE)


def _directory(words: str, address: str, kind: str, floor: str) -> Case:
    client = _client("")
    contents = json.loads(opened(client, address))["contents"]
    keys = [ids.read(kind, one["id"]) for one in contents]
    name = f"directory (HSDS), {words}"
    return _case(name, client, address, partial(floors.rows, floor, keys), keys, PAGE)
