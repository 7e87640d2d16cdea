"""Every list draws its cells: no HTML stands in one as text."""

from __future__ import annotations

import pytest

from foundation.roles import PEOPLE
from foundation.ui.lists import ListPage
from marketplace import permissions_table
from tests.accounts import USERS

pytestmark = pytest.mark.story

LISTS = [
    address
    for address in permissions_table.addresses()
    if isinstance(address.view, type) and issubclass(address.view, ListPage) and "<" not in address.route
]


@pytest.mark.parametrize("address", LISTS, ids=lambda address: address.route)
def test_no_cell_of_a_list_shows_html_as_text(client_of, address):
    role = next((role for role in PEOPLE if address.access.allows("GET", role)), None)
    page = client_of(USERS[role]).get(address.route).content.decode()
    assert "&lt;div" not in page
    assert "&lt;span" not in page


def test_the_lists_are_found():
    assert len(LISTS) > 25
