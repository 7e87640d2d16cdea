"""Pages and API of a household ask the database as often for a large family as for a small one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.households.members import joined

pytestmark = pytest.mark.usefixtures("db")


def test_a_family_of_eight_asks_as_often_as_one_of_three(client_of, api_of):
    home = factories.AcceptedMatter().household
    window, program = client_of("chuangkou"), api_of("chuangkou")

    def asked() -> list[int]:
        found = []
        for reader, address in (
            (window, home.get_absolute_url()),
            (program, f"/api/v1/households/{home.number}"),
        ):
            with CaptureQueriesContext(connection) as sent:
                assert reader.get(address).status_code == 200
            found.append(len(sent))
        return found

    for _person in range(2):
        joined(home, factories.window_of(home.town), relation="other")
    asked()
    few = asked()
    for _person in range(5):
        joined(home, factories.window_of(home.town), relation="other")
    assert asked() == few
    assert max(few) <= 25
