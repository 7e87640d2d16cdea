"""Where each kind of need goes: who is in charge, what the catalog has, and what nobody answers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from catalog.items.models import Item
from foundation import moments
from organizations.bodies.models import Organization
from organizations.responsibilities import assigning
from organizations.responsibilities.models import Responsibility
from referrals.needs import routing
from tests import factories
from tests.factories import actor
from tests.organizations.test_offered import takes
from tests.statements import opened, sent_by

PAGE, API = "/needs/routing/", "/api/v1/needs/routing"


def of(kind: str) -> routing.Routing:
    return next(row for row in routing.routings() if row.kind == kind)


def nobody_answers() -> str:
    """A kind of need whose only body is in charge no longer, and that no item answers."""
    (kind,) = {"education"} - set(Item.objects.in_force().values_list("need_kind", flat=True))
    for duty in Responsibility.objects.filter(need_kind=kind):
        yesterday = moments.today() - timedelta(days=1)
        assigning.end(duty, by=actor("minzheng"), last_day=yesterday, reason="机构改革")
    return kind


def test_a_kind_names_the_body_in_charge_today_with_its_basis():
    row = of("education")
    (duty,) = row.responsibilities
    assert (duty.organization.code, row.nobody, row.route.way) == ("jiaoyu", False, "transfer")
    assigning.end(duty, by=actor("minzheng"), last_day=moments.today() - timedelta(days=1), reason="机构改革")
    assert of("education").responsibilities == ()


def test_a_kind_names_the_services_of_the_catalog_and_whether_somebody_offers_them():
    item = Item.objects.in_force().filter(need_kind="care").first()
    service = next(one for one in of("care").services if one.item.code == item.code)
    before = service.served
    factories.AcceptedOffer(provider=factories.AccreditedProvider(), code=item.code)
    service = next(one for one in of("care").services if one.item.code == item.code)
    assert service.served
    assert before in (True, False)


def test_a_kind_that_nobody_answers_is_unrouted_until_somebody_is_in_charge():
    kind = nobody_answers()
    assert kind in routing.unrouted()
    assigning.assign(
        by=actor("minzheng"),
        organization=Organization.objects.get(code="sifa"),
        need_kind=kind,
        text="新职责",
        basis="文件",
        valid_from=moments.today(),
    )
    assert kind not in routing.unrouted()


def test_a_kind_that_is_not_taken_is_missing_nowhere():
    kind = nobody_answers()
    takes(kind)
    assert kind not in routing.unrouted()
    assert kind not in [row.kind for row in routing.routings()]


def test_what_nobody_has_to_be_in_charge_of_is_not_told_as_missing():
    Responsibility.objects.filter(need_kind__in=("other", "administrative")).delete()
    assert not {"other", "administrative"} & set(routing.unrouted())


@pytest.mark.parametrize("username", ["minzheng", "guanli", "mishu", "shenji"])
def test_those_who_set_or_oversee_it_see_page_and_answer(client_of, api_of, username):
    kind = nobody_answers()
    page = client_of(username).get(PAGE).content.decode()
    assert "司法局" in page
    assert "没有人负责" in page
    rows = {row["kind"]: row for row in api_of(username).get(API).json()}
    assert rows["legal"]["responsibilities"][0]["basis"]
    assert (rows[kind]["nobody"], rows[kind]["responsibilities"], rows[kind]["services"]) == (True, [], [])


@pytest.mark.parametrize("username", ["chuangkou", "jigou", "caizheng"])
def test_others_do_not(client_of, api_of, username):
    assert client_of(username).get(PAGE).status_code == 403
    assert api_of(username).get(API).status_code == 403


def test_the_page_of_responsibilities_leads_there(client_of):
    assert PAGE in client_of("minzheng").get("/duties/").content.decode()
    assert PAGE not in client_of("chuangkou").get("/duties/").content.decode()


@pytest.mark.parametrize("username", ["guanli", "mishu", "minzheng"])
def test_whoever_sees_the_routing_is_led_to_no_closed_door(client_of, username):
    client = client_of(username)
    doors = set(re.findall(r'href="(/[a-z/-]+/)"', client.get(PAGE).content.decode()))
    assert "/duties/" in doors
    assert [door for door in doors if client.get(door, follow=True).status_code != 200] == []


def test_the_page_costs_the_same_however_many_kinds_there_are(client_of):
    client = client_of("minzheng")
    opened(client, PAGE)
    assert len(sent_by(opened, client, PAGE)) <= 14
