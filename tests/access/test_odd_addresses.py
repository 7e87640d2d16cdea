"""Every address, given what nobody should send: an answer, never a fault of ours."""

from __future__ import annotations

import inspect
import json
import re
from urllib.parse import quote, unquote

import pytest
from django import forms
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from foundation.forms.actions import ActionForm, form_of
from foundation.journal.models import Entry
from foundation.lifecycle.table import Lifecycle
from foundation.roles import PEOPLE
from marketplace.permissions_table import Address
from organizations.people.models import User
from tests.access.addresses import ADDRESSES
from tests.accounts import USERS

pytestmark = pytest.mark.story

#: Of addresses: as they stand in a query, percent-encoded.
IN_A_QUERY = [
    "%C2%B2",
    "1" + "0" * 30,
    "9" * 5_000,
    "%EF%BC%91%EF%BC%92",
    "%ED%A0%80",
    "x" * 5_000,
    "-1",
    "0",
    "1_0",
    "%27%22%3E%3C",
    "%E2%80%8B",
    "NaN",
    "2026-13-45",
    "cD1hYmM%3D",
    "cD0xMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA%3D%3D",
]
#: Of forms, where everything is text.
IN_A_FORM = [
    "\u00b2",
    "1" + "0" * 30,
    "\x00",
    "\uff11\uff12",
    "x" * 5_000,
    "\u200b",
    "-1",
    "NaN",
    "a\x00b",
    "1,5",
]
#: Of bodies, where a value has a type.
IN_A_BODY = [
    "\u00b2",
    10**30,
    True,
    None,
    ["a", None],
    {"a": {"b": [1]}},
    1.5,
    "x" * 5_000,
    -1,
    "\uff11\uff12",
    [[]],
    [{}],
    "",
    {},
    0,
]

USUAL_NAMES = ("q", "page", "before", "next", "status")
API_NAMES = ("cursor", "page_size", "format")


@pytest.fixture
def signed_in():
    """Gives a client of somebody who may use an address in that way, and the user name of that person.

    A role signs in once; what a request does to its cookies is not kept.
    """
    keys: dict[str | None, str] = {}
    client = Client()
    client.raise_request_exception = False

    def sign_in(address: Address, method: str) -> tuple[Client, str | None]:
        role = next((role for role in PEOPLE if address.access.allows(method, role)), None)
        client.cookies.clear()
        if role is None:
            return client, None
        if role not in keys:
            client.force_login(User.objects.get(username=USERS[role]))
            keys[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = keys[role]
        return client, USERS[role]

    return sign_in


def names_of(address: Address) -> list[str]:
    """What the address may be asked, as far as its module says."""
    view = address.view
    if address.route.startswith("/api/"):
        return [*API_NAMES, *getattr(view, "filterset_fields", ()), "on"]
    source = inspect.getsource(inspect.getmodule(view))
    found = re.findall(r'(?:GET|query)(?:\.get)?[(\[]"(\w+)"', source)
    if "hsds" in address.route:
        found += list(getattr(view, "asks", forms.Form).base_fields)
    if "ItemFilter" in source:
        found += ["group", "kind", "people", "place", "body", "funding", "price_from", "price_to"]
    return sorted({*USUAL_NAMES, *found})


def fault(client: Client, method: str, path: str, *, marks: set[int] = frozenset(), **more) -> str:
    """Empty where the address answers, and nothing is done by it."""
    with transaction.atomic():
        savepoint = transaction.savepoint()
        answer = (
            client.generic(method, path, **more) if "data" in more else getattr(client, method.lower())(path)
        )
        transaction.savepoint_rollback(savepoint)
    if answer.status_code >= 500 or answer.status_code in marks:
        return f"{method} {path[:120]}: {answer.status_code}"
    return ""


@pytest.mark.parametrize("turn", range(3))
def test_no_address_fails_by_what_it_is_asked(example, signed_in, turn):
    wrong = []
    for number, address in enumerate(ADDRESSES):
        if "GET" not in address.methods:
            continue
        client, username = signed_in(address, "GET")
        path, names = example(address.route, username), names_of(address)
        odd = [IN_A_QUERY[(number + 5 * turn + n) % len(IN_A_QUERY)] for n in range(len(names))]
        wrong.append(fault(client, "GET", path + "?" + "&".join(map("=".join, zip(names, odd, strict=True)))))
        # Alone too: what one name is refused for hides the next.
        name = names[(number + turn) % len(names)]
        wrong += [fault(client, "GET", f"{path}?{name}={each}") for each in odd[:2]]
    assert list(filter(None, wrong)) == []


@pytest.mark.parametrize("name", ["q", "page", "before", "kind", "cursor", "path", "next", "anything"])
def test_a_null_byte_in_a_query_is_a_bad_request_everywhere(client_of, name):
    client = client_of("minzheng")
    for path in ("/households/", "/search/", "/journal/", "/organizations/", "/", "/api/v1/matters"):
        for query in (f"{name}=%00", f"{name}=a%00b", f"{name}%00=a"):
            assert client.get(f"{path}?{query}").status_code == 400, path
    assert client.get("/hsds/services?search=%00").status_code == 400
    assert client.post("/drafts/?path=/x%00y", {"a": "b"}).status_code == 400


@pytest.mark.parametrize(
    "odd",
    [
        "%C2%B2",
        "1" + "0" * 30,
        "9" * 5_000,
        "%EF%BC%91",
        "%ED%A0%80",
        "%00",
        "x" * 3_000,
        "a%00b",
        "..%2F",
        "%E2%80%8B",
    ],
)
def test_no_address_fails_by_what_stands_in_it(odd, signed_in):
    wrong, unknown = [], False
    for address in ADDRESSES:
        if "<" not in address.route:
            continue
        path = re.sub(r"<\w+:\w+>", odd, address.route)
        if not leads_somewhere(path):
            if unknown:
                continue  # no view hears of it, and all such addresses are answered alike
            unknown = True
        for method in address.methods:
            client, _username = signed_in(address, method)
            wrong.append(fault(client, method, path, data="{}", content_type="application/json"))
    assert list(filter(None, wrong)) == []


def leads_somewhere(path: str) -> bool:
    """Whether a view is asked for what stands at that address."""
    try:
        resolve(unquote(path))
    except Resolver404:
        return False
    return True


def form_for(address: Address) -> type[forms.Form] | None:
    view = address.view
    lifecycle, row = getattr(view, "lifecycle", None), getattr(view, "row", None)
    if isinstance(lifecycle, Lifecycle) and row is not None:
        return form_of(lifecycle, row.name)
    return next(
        (
            var
            for var in vars(inspect.getmodule(view)).values()
            if inspect.isclass(var) and issubclass(var, ActionForm) and var.base_fields
        ),
        None,
    )


@pytest.mark.parametrize("turn", range(3))
def test_no_form_and_no_body_fails_by_what_is_sent(example, signed_in, turn):
    wrong, entries = [], Entry.objects.count()
    for number, address in enumerate(ADDRESSES):
        for method in address.methods:
            if method == "GET" or address.route in ("/sign-out/",):
                continue
            client, username = signed_in(address, method)
            path, form = example(address.route, username), form_for(address)
            names = [*(form.base_fields if form else ()), "reason", "key", "subject", "next"]
            if address.route.startswith("/api/"):
                body = {
                    name: IN_A_BODY[(number + n + 4 * turn) % len(IN_A_BODY)]
                    for n, name in enumerate(names[:-3])
                }
                sent = {"data": json.dumps(body), "content_type": "application/json"}
            else:
                odd = {
                    name: IN_A_FORM[(number + n + 4 * turn) % len(IN_A_FORM)] for n, name in enumerate(names)
                }
                text = "&".join(f"{name}={quote(value)}" for name, value in odd.items())
                sent = {"data": text, "content_type": "application/x-www-form-urlencoded"}
            wrong.append(fault(client, method, path, **sent))
    assert list(filter(None, wrong)) == []
    assert Entry.objects.count() == entries
