"""A row of the workbench tells its reader no name and no number that the object's own page withholds."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from demo.starter.places_and_people import actor
from foundation.work_items.models import WorkItem
from households.register.models import Household, Person
from marketplace import permissions_table
from marketplace.workbench import waiting
from organizations.bodies.models import Organization
from organizations.people.models import Membership, User
from organizations.places.models import Place
from referrals.matters.models import Matter
from tests.marketplace.benches import rows_of

pytestmark = pytest.mark.story


@pytest.fixture
def names() -> set[str]:
    """What tells of somebody: places, bodies, people, and the numbers of households and of orders."""
    return {
        *Place.objects.values_list("name", flat=True),
        *Organization.objects.values_list("name", flat=True),
        *User.objects.values_list("full_name", flat=True),
        *Household.objects.values_list("number", flat=True),
        *map(str, Person.objects.all()),
        *Matter.objects.exclude(external_number="").values_list("external_number", flat=True),
    } - {""}


def users() -> list[str]:
    return list(
        Membership.objects.exclude(user__username="").values_list("user__username", flat=True).distinct()
    )


def told_by(row: waiting.Row) -> str:
    return f"{row.title} · {row.under} · {row.who}"


def words_of(text: str) -> str:
    """A text without tags and spaces."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text))


def withheld(client: Client, row: waiting.Row, names: set[str]) -> set[str]:
    """The names that a row tells, and neither the page that it opens nor the API."""
    untold = {name for name in names if name in told_by(row)}
    for path in (row.shown.link, api_address(row.shown)):
        if not untold or not path:
            continue
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        told = words_of(page.partition("<main")[2] or page)
        untold = {name for name in untold if words_of(name) not in told}
    return untold


#: What stands in the address of a detail: the name of the field.
LOOKUP = re.compile(r"<(?:\w+:)?(\w+)>")


def api_address(item: WorkItem) -> str:
    """The address of an item's object in the API; "" where it has none."""
    for name, model, lookup in DETAILS:
        if model is item.table.model:
            return reverse(name, args=[getattr(model._default_manager.get(pk=item.object_id), lookup)])
    return ""


def details() -> Iterator[tuple[str, type, str]]:
    """The name of each detail of the API, its model, and the field that stands in its address."""
    for address in permissions_table.addresses():
        if address.name.startswith("api-") and address.name.endswith("-detail"):
            yield address.name, address.view.model, LOOKUP.findall(address.route)[0]


DETAILS = list(details())


def test_a_row_names_whom_the_page_names(names, client_of):
    untold, read = set(), 0
    for username in users():
        client, reader = client_of(username), actor(username)
        for row in rows_of(waiting.open_for(reader)):
            read += 1
            for name in withheld(client, row, names):
                untold.add((str(reader.role), row.item.lifecycle, row.item.state, name, told_by(row)))
    assert read > 100
    assert sorted(untold) == []
