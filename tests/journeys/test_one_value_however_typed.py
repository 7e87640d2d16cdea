"""One person, one order, one name: whatever keyboard it was typed on, at every door."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from catalog.editions.models import Edition
from households.register.models import Household, Person
from organizations.people import conflicts
from organizations.people.models import User
from organizations.places.models import Place
from organizations.providers.models import Provider
from referrals.matters.models import Matter
from tests import factories
from tests.foundation.inputs import wide

pytestmark = pytest.mark.story


def program(username: str) -> APIClient:
    client = APIClient()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def intake():
    return {
        "name": "王小明",
        "category": "none",
        "size": "2",
        "place": Place.objects.get(name="虹桥社区").pk,
        "needs": ["care"],
        "story": "屋里没有取暖",
        "phone": "13800000000",
        "address": "示例路 1 号",
    }


def spellings(number: str) -> list[str]:
    return [
        wide(number),
        number[:6] + wide(number[6:14]) + number[14:],
        f"\ufeff{number[:6]}\u200b{number[6:]}\u202d",
        f"{number[:6]}\u3000{number[6:14]}\uff0d{number[14:]}",
        number[:-1] + wide(number[-1].lower()),
    ]


def test_a_window_makes_one_household_of_one_number_however_it_is_typed(client_of, intake):
    client, number = client_of("chuangkou"), factories.new_id_number()
    path = "/matters/new/accept_application/"
    assert client.post(path, {**intake, "id_number": number}).status_code == 302
    people, households = Person.objects.count(), Household.objects.count()
    for spelling in spellings(number):
        answer = client.post(path, {**intake, "id_number": spelling})
        assert answer.status_code == 302, answer.content.decode()[:300]
        assert (Person.objects.count(), Household.objects.count()) == (people, households)
    matters = Matter.objects.order_by("-pk")[: len(spellings(number)) + 1]
    assert len({matter.household_id for matter in matters}) == 1


def test_a_window_finds_a_household_by_the_number_however_it_is_typed(client_of, intake):
    client, number = client_of("chuangkou"), factories.new_id_number()
    client.post("/matters/new/accept_application/", {**intake, "id_number": number})
    household = Matter.objects.order_by("-pk")[0].household
    for each in (number, *spellings(number)):
        page = client.get("/households/", {"q": each}).content.decode()
        assert household.number in page, each
    assert household.number in client.get("/households/", {"q": wide(household.number)}).content.decode()
    assert household.number in client.get("/search/", {"q": wide(household.number)}).content.decode()


def test_an_order_of_the_hotline_is_one_order(intake):
    api = program("rexian")
    order = {
        "order": "HFplain-1",
        "place": Place.objects.get(name="虹桥社区").code,
        "name": "王小明",
        "phone": wide("+86 138 0000 0000"),
        "story": "屋里没有取暖",
    }
    first = api.post("/api/v1/matters/report_by_hotline", order, format="json")
    assert first.status_code == 201, first.content.decode()
    matter = Matter.objects.get(number=first.json()["number"])
    assert matter.household.phone.plain() == "13800000000"
    for again in (wide("HFplain-1"), "\u200bHFplain-1", "HFplain\u20101"):
        answer = api.post("/api/v1/matters/report_by_hotline", {**order, "order": again}, format="json")
        assert "order" in answer.json()["errors"], again
    found = api.get("/api/v1/matters", {"external_number": wide("HFplain-1")})
    if found.status_code == 200:
        assert [result["number"] for result in found.json()["results"]] == [matter.number]


def test_the_mask_of_a_fixed_number_hides_it_in_pages_and_program(client_of, intake):
    client, number = client_of("chuangkou"), factories.new_id_number()
    client.post("/matters/new/accept_application/", {**intake, "id_number": number, "phone": "8686-1234"})
    household = Matter.objects.order_by("-pk")[0].household
    assert household.phone.plain() == "86861234"
    shown = (
        client.get(household.get_absolute_url()).content.decode(),
        program("chuangkou").get(f"/api/v1/households/{household.number}").content.decode(),
        program("minzheng").get(f"/api/v1/households/{household.number}").content.decode(),
    )
    for text in shown:
        assert "86861234" not in text
        assert "868****" not in text
    assert any("****1234" in text for text in shown)


def test_a_namesake_of_the_head_is_tied_however_the_name_is_typed():
    provider = factories.AccreditedProvider()
    person = User.objects.create(username="typed-name", full_name="阿依\u00b7古丽")
    Provider.objects.filter(pk=provider.pk).update(legal_representative="阿依\u30fb\u200b古丽 ")
    assert person.pk in conflicts.people_in_conflict([provider.organization_id])
    Provider.objects.filter(pk=provider.pk).update(legal_representative="阿依\u00b7古力")
    assert person.pk not in conflicts.people_in_conflict([provider.organization_id])


def test_a_contract_is_signed_with_the_own_name_however_it_is_typed(client_of):
    contract = factories.DraftContract()
    name = User.objects.get(username="minzheng2").full_name
    client, path = client_of("minzheng2"), f"/contracts/{contract.number}/sign-as-buyer/"
    assert client.post(path, {"typed": f"{name}\u4e00"}).status_code == 422
    assert client.post(path, {"typed": f"\u3000{name[0]}\u200b\u3000{name[1:]} "}).status_code == 302


def test_a_provider_is_found_by_its_name_however_wide_it_is(client, client_of):
    provider = factories.AccreditedProvider()
    organization = provider.organization
    organization.name = "示例服务中心\uff08A1\uff09"
    organization.save()
    for words in ("中心（A1）", "中心\uff08\uff21\uff11\uff09", "\uff41\uff11"):
        assert organization.name in client.get("/organizations/", {"q": words}).content.decode()
        assert organization.name in client_of("minzheng").get("/providers/", {"q": words}).content.decode()
        found = client.get("/hsds/organizations", {"search": words}).json()
        assert organization.name in [content["name"] for content in found["contents"]], words


def test_an_item_is_found_by_its_code_however_wide_it_is(client):
    edition = Edition.objects.in_force().get()
    for words in ("B01.01", wide("B01.01"), "\u200bb01.01"):
        assert "B01.01" in client.get("/", {"q": words}).content.decode(), words
    assert edition.items.filter(code="B01.01").exists()


def test_a_name_that_nobody_can_see_is_none(client_of, intake):
    number = factories.new_id_number()
    answer = client_of("chuangkou").post(
        "/matters/new/accept_application/", {**intake, "id_number": number, "name": "\u200b\u3164 \u2800"}
    )
    assert answer.status_code == 422
    assert not Person.objects.filter(pk__gt=Person.objects.order_by("-pk")[0].pk).exists()


def test_a_story_keeps_its_punctuation_and_loses_what_hides_in_it(client_of, intake):
    given = {
        **intake,
        "id_number": factories.new_id_number(),
        "story": "没有取暖\uff0c\u202e已断\u200b电\uff08三天\uff09\n请尽快",
    }
    assert client_of("chuangkou").post("/matters/new/accept_application/", given).status_code == 302
    assert Matter.objects.order_by("-pk")[0].story == "没有取暖\uff0c已断电\uff08三天\uff09\n请尽快"
