"""Every page and every answer of the API sends few statements, whoever opens it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.sweep import judging
from benchmarks.sweep.addresses import addresses
from benchmarks.sweep.running import sweep
from foundation.permissions import NOBODY
from foundation.roles import Role
from procurement.purchases.models import Project
from referrals.matters.models import Matter

pytestmark = [pytest.mark.story, pytest.mark.slow]

ROLES = (Role.CIVIL_AFFAIRS, Role.WINDOW, Role.COORDINATOR, Role.EVALUATOR, Role.FINANCE, NOBODY)
#: Addresses that send more than they may, and how many; the list may only become shorter.
OFFENDERS: dict[str, int] = {}


def test_no_address_sends_more_statements_than_it_may(db):
    swept = sweep(ROLES, rounds=0)
    assert [row for row in swept.rows if row.status >= 500] == []
    most: dict[str, int] = {}
    for row in swept.rows:
        if row.status == 200 and not row.apart:
            most[row.route] = max(most.get(row.route, 0), row.statements)
    over = {route: count for route, count in most.items() if count > judging.STATEMENTS}
    assert {route: count for route, count in over.items() if count > OFFENDERS.get(route, 0)} == {}
    assert sorted(set(OFFENDERS) - set(over)) == [], "no longer offend: take them off the list"
    _tells_everything(swept, most)


@pytest.mark.parametrize(
    ("model", "reader"), [(Project, "minzheng"), (Matter, "minzheng"), (Matter, "chuangkou")]
)
def test_no_purchase_or_matter_of_the_story_sends_more_statements_than_it_may(model, reader, client_of):
    client, sent = client_of(reader), {}
    for number, address in ((obj.number, obj.get_absolute_url()) for obj in model.objects.all()):
        with CaptureQueriesContext(connection) as queries:
            status = client.get(address).status_code
        if status == 200:
            sent[number] = len(queries)
    assert len(sent) > 10
    assert {number: count for number, count in sent.items() if count > judging.STATEMENTS} == {}


def _tells_everything(swept, most):
    """What is admitted is opened, or is said to be out of reach."""
    for role in ROLES:
        nowhere = {one["address"] for one in swept.unreached if role in one["roles"]}
        admitted = {address.route for address in addresses() if role in address.admitted}
        opened = {row.route for row in swept.rows if row.role == role and row.status == 200}
        assert opened | nowhere == admitted, role
        assert len(opened) > len(admitted) * 0.7, role
    assert len(most) > 300
