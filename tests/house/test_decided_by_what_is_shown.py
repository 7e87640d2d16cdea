"""A second person reads on the page of a decision what is decided, who proposed it and why, and no more than on the
object's own page.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.budgets import appropriations
from foundation import moments
from foundation.lifecycle.glance import facts_of
from foundation.roles import Role
from foundation.rules import changing, reading
from foundation.wording import day
from organizations.bodies.models import Organization
from organizations.dispensations import allowing
from organizations.emergencies import allowing as emergencies
from organizations.people.models import Membership
from organizations.places.models import Place
from organizations.providers.models import Provider
from tests.factories import actor
from tests.organizations.newcomers import joined


def page(client_of, username: str, address: str) -> str:
    return client_of(username).get(address).content.decode()


def test_of_a_budget_document_its_sum_and_what_it_is_for(client_of):
    change = appropriations.grant(
        by=actor("caizheng"),
        year=2026,
        source="测试资金",
        body=Organization.objects.get(code="minzheng"),
        amount=Decimal("100000"),
        document_number="测〔2026〕1号",
    )
    shown = page(client_of, "caizheng2", f"{change.get_absolute_url()}approve/")
    assert "100,000" in shown
    assert "测〔2026〕1号" in shown
    assert "前一步" in shown


def test_of_a_rule_the_old_value_and_the_new_one(client_of):
    value = {**reading.current("people.emergency").value, "lasts": 45}
    version = changing.propose(by=actor("minzheng"), rule="people.emergency", value=value, note="试一试")
    shown = page(client_of, "minzheng2", f"{version.get_absolute_url()}approve/")
    assert "批准后用 60 分钟" in shown
    assert "批准后用 45 分钟" in shown
    assert "试一试" in shown


def test_of_a_dispensation_who_and_until_when_and_why(client_of):
    user, last = joined(), moments.today() + timedelta(days=90)
    asked = allowing.request(
        by=actor("guanli"),
        person=user,
        role=Role.COORDINATOR,
        organization=Membership.objects.get(user__username="jigou").organization,
        valid_to=last,
        why="小机构人手不够",
    )
    shown = page(client_of, "guanli2", f"{asked.get_absolute_url()}allow/")
    assert user.full_name in shown
    assert "小机构人手不够" in shown
    assert day(last) in shown


def test_of_an_emergency_who_for_how_long_and_why(client_of):
    town = Place.objects.get(pk=actor("chuangkou").place_id)
    asked = emergencies.ask(by=actor("rexian"), role=Role.WINDOW, place=town, why="同事都在转移群众")
    shown = page(client_of, "minzheng", f"{asked.get_absolute_url()}allow/")
    assert "同事都在转移群众" in shown
    assert "分钟" in shown


def test_of_a_membership_whose_it_is(client_of):
    membership = Membership.objects.filter(user__username="chuangkou").first()
    shown = page(client_of, "guanli", f"{membership.get_absolute_url()}end/")
    assert membership.user.full_name in shown
    assert str(membership.organization) in shown


@pytest.mark.parametrize("reader", ["bumen", "chuangkou"])
def test_what_a_reader_does_not_read_of_an_object_is_not_shown_at_a_glance(reader, monkeypatch):
    monkeypatch.setattr(Provider, "at_a_glance", ("bank_name", "bank_account"))
    provider = Provider.objects.get(organization_id=actor("jigou").organization_id)
    provider.bank_name, provider.bank_account = "测试银行", "6222020200112233"
    assert facts_of(provider, actor(reader)) == []
    assert "112233" not in str(facts_of(provider, actor("jigou")))
