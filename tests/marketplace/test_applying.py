"""A household asks by itself, and opens its own page with a code."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from foundation.city.models import City
from foundation.messaging.models import Message
from households.register.models import Household
from organizations.places.models import Place
from referrals.matters.models import Matter
from tests import factories

PHONE = "13912345678"


def shown_code(page) -> str:
    return page.context["shown"]


def proved(client, phone: str = PHONE):
    client.post("/apply/", {"phone": phone})
    code = shown_code(client.get("/apply/code/"))
    return client.post("/apply/code/", {"code": code})


def typed(**given):
    return {
        "name": "周八",
        "id_number": factories.new_id_number(),
        "size": "2",
        "place": Place.objects.get(name="虹桥社区").pk,
        "needs": ["care"],
        "story": "没人照应",
        **given,
    }


def test_from_the_phone_to_the_own_page_in_three_steps(client):
    assert proved(client)["Location"] == "/apply/form/"
    answer = client.post("/apply/form/", typed())
    assert answer["Location"] == "/workbench/"
    matter = Matter.objects.filter(channel="self_service").latest("pk")
    assert matter.household.phone.plain() == PHONE
    assert client.get(matter.get_absolute_url()).status_code == 200


def test_an_urgent_application_is_answered_with_what_comes_and_whom_to_call_now(client):
    proved(client)
    page = client.post("/apply/form/", typed(urgent="on"), follow=True).content.decode()
    matter = Matter.objects.filter(channel="self_service").latest("pk")
    for words in (
        f"您的求助已收到，受理号 {matter.number}",
        f"{matter.window}最迟在",
        matter.window.phone,
        "tel:110",
        "tel:120",
        "tel:12345",
    ):
        assert words in page
    assert "0 件事等您办理" not in page
    assert "tel:120" in client.get(matter.get_absolute_url()).content.decode()


def test_an_application_that_can_wait_says_when_the_window_calls(client, client_of):
    proved(client)
    City.objects.update(hotline="0536-12345")
    page = client.post("/apply/form/", typed(), follow=True).content.decode()
    assert "最迟在" in page
    assert '<a href="tel:053612345">0536-12345</a>' in page
    assert "tel:120" not in page
    matter = Matter.objects.filter(channel="self_service").latest("pk")
    seen = client_of("chuangkou").get(matter.get_absolute_url()).content.decode()
    assert "您的求助已收到" not in seen


def test_without_a_proved_phone_there_is_no_form(client):
    assert client.get("/apply/form/")["Location"] == "/apply/"
    page = client.post("/apply/form/", typed(story="写了很久"))
    assert page.status_code == 422
    assert "手机验证已过期" in page.content.decode()
    assert "写了很久" in page.content.decode()
    assert client.get("/apply/code/")["Location"] == "/apply/"


def test_a_wrong_code_goes_no_further(client):
    client.post("/apply/", {"phone": PHONE})
    assert client.post("/apply/code/", {"code": "x"}).status_code == 422
    assert client.get("/apply/form/").status_code == 302


def test_bad_input_is_told_at_the_field_and_loses_nothing(client):
    proved(client)
    page = client.post("/apply/form/", typed(id_number="123", story="写了很多"))
    assert page.status_code == 422
    assert "写了很多" in page.content.decode()
    assert "位" in str(page.context["form"].errors["id_number"])


def test_what_is_typed_is_kept_sealed_and_comes_back(client):
    proved(client)
    key = key_of_form(client)
    assert client.post("/apply/keep/", typed(story="写到一半", key=key)).status_code == 200
    assert "写到一半" not in str(dict(client.session))
    assert "写到一半" in client.get("/apply/form/").content.decode()


def key_of_form(client) -> str:
    """The key of the application that this visitor has open."""
    page = client.get("/apply/form/").content.decode()
    return re.search(r'name="key" value="(\w+)"', page).group(1)


def test_an_application_sent_twice_at_once_is_taken_once(client):
    proved(client)
    given = typed(key=key_of_form(client))
    assert client.post("/apply/form/", given).status_code == 302
    again = Client()
    assert again.post("/apply/form/", given)["Location"] == "/apply/"


def test_words_of_one_visitor_never_get_into_the_next_ones_form(client):
    proved(client)
    first = key_of_form(client)
    client.post("/apply/keep/", typed(story="前一个人写的", key=first))
    proved(client, "13800138099")
    assert "前一个人写的" not in client.get("/apply/form/").content.decode()
    assert client.post("/apply/keep/", typed(story="前一个人写的", key=first)).status_code == 409
    assert "前一个人写的" not in client.get("/apply/form/").content.decode()


def test_a_save_on_its_way_while_the_application_is_sent_is_refused(client):
    number = factories.new_id_number()
    factories.AcceptedMatter(id_number=number)
    proved(client)
    key = key_of_form(client)
    before = dict(client.session)
    client.post("/apply/form/", typed(id_number=number, key=key))
    session = client.session
    session.update(before)  # what a save that began earlier still reads
    session.save()
    late = client.post("/apply/keep/", typed(story="迟到的", key=key))
    assert late.status_code == 409
    assert "迟到的" not in client.get("/apply/form/").content.decode()


def sign_in(client, number: str, phone: str):
    client.post("/sign-in/household/", {"id_number": number, "phone": phone})
    return client.get("/apply/code/")


def test_a_known_household_signs_in_with_number_and_phone_on_record(client):
    number = factories.new_id_number()
    household = factories.AcceptedMatter(id_number=number, phone=PHONE).household
    code = shown_code(sign_in(client, number, PHONE))
    assert client.post("/apply/code/", {"code": code})["Location"] == "/workbench/"
    assert client.get(household.get_absolute_url()).status_code == 200
    other = factories.AcceptedMatter().household
    assert client.get(other.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("phone", ["13900000001", PHONE])
def test_an_unknown_number_or_another_phone_looks_the_same_and_leads_nowhere(client, phone):
    number = factories.new_id_number()
    if phone != PHONE:
        factories.AcceptedMatter(id_number=number, phone=PHONE)
    before = Message.objects.count()
    page = sign_in(client, number, phone)
    assert page.status_code == 200
    assert shown_code(page) == ""
    assert Message.objects.count() == before
    assert client.post("/apply/code/", {"code": "123456"}).status_code == 422


def test_signing_in_twice_opens_one_account(client):
    number = factories.new_id_number()
    household = factories.AcceptedMatter(id_number=number, phone=PHONE).household
    for _ in range(2):
        code = shown_code(sign_in(client, number, PHONE))
        client.post("/apply/code/", {"code": code})
    assert household.accounts.count() == 1


def test_what_the_family_has_not_said_is_a_dash_on_the_windows_page(client, client_of):
    proved(client)
    client.post("/apply/form/", typed())
    household = Household.objects.latest("pk")
    assert not household.address
    page = client_of("chuangkou").get(household.get_absolute_url()).content.decode()
    assert re.search(rf'id="secret-householdshousehold-{household.pk}-address">\s*—\s*<', page)


@pytest.mark.parametrize("path", ["/apply/", "/sign-in/household/"])
def test_no_code_is_sent_to_a_fixed_line(client, path):
    texts = Message.objects.count()
    given = {"phone": "0510-86860000", "id_number": factories.new_id_number()}
    answer = client.post(path, given)
    assert (answer.status_code, Message.objects.count()) == (422, texts)
    assert "手机号" in str(answer.context["form"].errors["phone"])
