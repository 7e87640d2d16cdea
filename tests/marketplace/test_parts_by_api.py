"""Lists of the API tell no parts of their rows; one object tells a page of them, and an address of its own all."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.contracts.models import Contract
from foundation.api.lists import PARTS_TOLD
from households.consents.models import Consent
from households.help_received.models import HelpReceived
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.service.models import Visit
from tests.marketplace.test_parts_by_pages import copies
from tests.statements import opened

pytestmark = pytest.mark.story

#: By field: the model of the parts, their object, and the addresses of the object and of its list.
PARTS: dict[str, tuple[type[Any], str, dict[str, Any], str]] = {
    "help_received": (HelpReceived, "household", {}, "households"),
    "consents": (Consent, "household", {}, "households"),
    "visits": (Visit, "referral", {"key": lambda number: f"copy-{number}"}, "referrals"),
    "needs": (Need, "matter", {}, "matters"),
}


@pytest.mark.parametrize("name", sorted(PARTS))
def test_parts_are_told_of_one_object_a_page_at_a_time(client_of, name):
    model, whole, changed, prefix = PARTS[name]
    part = model._default_manager.order_by("pk")[0]
    client, number = client_of("minzheng"), getattr(part, whole).number
    listed, single = f"/api/v1/{prefix}?page_size=200", f"/api/v1/{prefix}/{number}"
    client.get(listed)
    _few, asked = opened(client, listed)
    _one, asked_for_one = opened(client, single)
    copies(part, **changed)
    _many, asked_for_many = opened(client, listed)
    assert len(asked_for_many) <= len(asked)
    assert all(row[name] == [] for row in client.get(listed).json()["results"] if name in row)
    answer, asked_for_more = opened(client, single)
    assert len(asked_for_more) <= len(asked_for_one) + 3  # what open parts ask about, once for all of them
    assert len(answer) < 200_000
    told = client.get(single).json()[name]
    assert len(told) == PARTS_TOLD
    found, address = [], f"{single}/{name.replace('_', '-')}"
    while address:
        body = client.get(address).json()
        assert len(body["results"]) <= PARTS_TOLD
        found += body["results"]
        address = body["next"]
    assert len(found) == model._default_manager.filter(**{whole: getattr(part, whole)}).count()
    if name != "help_received":  # a list masks what one object tells
        assert found[:PARTS_TOLD] == told


def test_parts_in_turn_come_in_turn(client_of):
    contract = Contract.objects.filter(lines__isnull=False).order_by("pk")[0]
    client, address = client_of("minzheng"), f"/api/v1/contracts/{contract.number}"
    keys = list(contract.lines.order_by("pk").values_list("pk", flat=True))
    assert [line["id"] for line in client.get(address).json()["lines"]] == keys
    assert [line["id"] for line in client.get(f"{address}/lines").json()["results"]] == keys


def test_parts_are_told_to_those_who_read_them(client_of):
    """The hotline sees a matter that it reported, and none of its needs."""
    referral = Referral.objects.order_by("pk")[0]
    stranger = client_of("rexian")
    assert stranger.get(f"/api/v1/referrals/{referral.number}/visits").status_code in (403, 404)
    matter = referral.need.matter
    assert stranger.get(f"/api/v1/matters/{matter.number}/needs").status_code == 404
    grid = client_of("wangge")
    household = matter.household
    assert grid.get(f"/api/v1/households/{household.number}/help-received").json().get("results", []) == []
