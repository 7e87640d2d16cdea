"""Whoever applies with somebody else's identity number gets, learns and changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from foundation import moments
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from households.register.models import Household
from organizations.places.models import Place
from referrals.matters.models import Matter
from tests import factories
from tests.statements import sent_by

STRANGER, OWNER = "13900000002", "13700000001"
SECRET = "搬出去住了，孩子转学"


def applied(client: Client, number: str, phone: str = STRANGER, **given):
    client.post("/apply/", {"phone": phone})
    code = client.get("/apply/code/").context["shown"]
    client.post("/apply/code/", {"code": code})
    form = {
        "name": "张三",
        "id_number": number,
        "size": "2",
        "needs": ["care"],
        "story": "要人照应",
        "place": Place.objects.get(name="虹桥社区").pk,
        **given,
    }
    return client.post("/apply/form/", form)


def last_application() -> Matter:
    return Matter.objects.filter(channel="self_service").latest("pk")


def accepted_at_window(api, number: str, **given):
    body = {
        "id_number": number,
        "name": "王小明",
        "phone": OWNER,
        "address": "新安里 88 号",
        "place": Place.objects.get(name="虹桥社区").pk,
        "category": "none",
        "size": 1,
        "needs": ["care"],
        "story": SECRET,
        **given,
    }
    return api.post("/api/v1/matters/accept_application", body, format="json")


def accept(api, matter: Matter, **given):
    return api.post(f"/api/v1/matters/{matter.number}/accept", {"needs": ["care"], **given}, format="json")


def shown(client: Client, address: str) -> str:
    """The words of a page, without the numbers that every application has for itself."""
    text = re.sub(r"<[^>]+>", "\n", client.get(address, follow=True).content.decode())
    return re.sub(r"(JT|SL)-\d{4}-\d+|\d{2}:\d{2}", "", text)


@pytest.fixture
def number() -> str:
    return factories.new_id_number()


@pytest.fixture
def window(api_of):
    return api_of("chuangkou")


def test_known_and_unknown_numbers_are_answered_alike_at_every_step(number):
    factories.AcceptedMatter(id_number=number, place=Place.objects.get(name="华士社区"))
    seen = []
    for each in (number, factories.new_id_number()):
        client = Client()
        answer = applied(client, each)
        matter = last_application()
        pages = [
            shown(client, address)
            for address in (
                "/workbench/",
                matter.get_absolute_url(),
                matter.household.get_absolute_url(),
                "/inbox/",
            )
        ]
        seen.append((answer.status_code, answer["Location"], matter.town.name, pages))
    assert seen[0] == seen[1]
    assert seen[0][2] == "澄江街道"


def test_it_costs_as_many_statements_for_a_known_number_as_for_an_unknown(number):
    factories.AcceptedMatter(id_number=number)
    asked = (factories.new_id_number(), number, factories.new_id_number())
    counts = [len(sent_by(applied, Client(), id_number)) for id_number in asked]
    assert counts[1] in (counts[0], counts[2])


def test_a_walk_in_meets_no_trace_of_a_strangers_application(client, window, number):
    applied(client, number)
    claim = last_application().household
    answer = accepted_at_window(window, number)
    assert answer.status_code == 201, answer.json()
    household = Household.objects.get(number=answer.json()["household"])
    assert household != claim
    head = household.head.person
    assert (head.name.plain(), household.phone.plain()) == ("王小明", OWNER)
    assert household.address.plain() == "新安里 88 号"
    matter = answer.json()["number"]
    assert client.get(f"/matters/{matter}/").status_code == 404
    assert client.get(household.get_absolute_url()).status_code == 404
    assert not Message.objects.filter(text__contains=matter).exists()


def test_the_same_stranger_does_not_become_the_household_by_signing_in_again(client, window, number):
    applied(client, number)
    real = Household.objects.get(number=accepted_at_window(window, number).json()["household"])
    again = Client()
    again.post("/sign-in/household/", {"id_number": number, "phone": STRANGER})
    again.post("/apply/code/", {"code": again.get("/apply/code/").context["shown"]})
    assert again.get(real.get_absolute_url()).status_code in (302, 404)
    assert again.get(last_application().get_absolute_url()).status_code == 200


def test_joining_the_known_household_shows_what_differs_and_ends_the_strangers_sign_in(
    client, window, number
):
    known = factories.AcceptedMatter(id_number=number, phone=OWNER).household
    applied(client, number, address="别处 1 号")
    matter = last_application()
    assert client.get(matter.get_absolute_url()).status_code == 200
    assert accept(window, matter).json()["errors"].keys() == {"id_number"}
    refused = accept(window, matter, id_number=number)
    assert refused.status_code == 400
    errors = refused.json()["errors"]
    words = errors["differences"][0]
    assert OWNER in words
    assert STRANGER in words
    assert "张" in errors["difference_name"][0]
    assert "改用新电话会短信通知原号" in errors["difference_phone"][0]
    assert "别处 1 号" in errors["difference_address"][0]
    looked = Entry.objects.filter(move="reveal", reason="受理核对")
    assert {each.after["field"] for each in looked} == {"name", "phone", "address"}
    assert {each.object_id for each in looked} == {known.pk, known.head.person.pk}
    answer = accept(window, matter, id_number=number, differences="keep")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["household"] == known.number
    known.refresh_from_db()
    assert known.phone.plain() == OWNER
    for address in (matter.get_absolute_url(), known.get_absolute_url(), "/workbench/"):
        page = client.get(address)
        assert page.status_code == 302, address
        assert "sign-in" in page["Location"]


def test_name_phone_and_address_are_decided_each_by_itself(client, window, number):
    known = factories.AcceptedMatter(id_number=number, phone=OWNER).household
    kept = known.head.person.name.plain()
    applied(client, number, address="别处 1 号")
    matter = last_application()
    given = {"id_number": number, "difference_name": "keep", "difference_phone": "take"}
    refused = accept(window, matter, **given)
    assert refused.json()["errors"].keys() == {"differences", "difference_address"}
    assert OWNER not in refused.json()["errors"]["differences"][0]
    assert accept(window, matter, **given, difference_address="keep").status_code == 200
    known.refresh_from_db()
    assert known.phone.plain() == STRANGER
    assert known.head.person.name.plain() == kept
    assert known.address.plain() != "别处 1 号"


def test_what_nobody_has_checked_is_not_called_registered_and_no_text_is_promised(client, window, number):
    applied(client, number)
    matter = last_application()
    words = accept(window, matter, id_number=number, phone=OWNER).json()["errors"]
    line = words["difference_phone"][0]
    assert f"原来填写的是 {STRANGER}，现在说的是 {OWNER}" in line
    assert "登记" not in line
    assert "通知原号" not in line


def test_after_too_many_looks_both_sides_are_masked_and_the_place_of_the_difference_shown(
    client, window, number
):
    known = factories.AcceptedMatter(id_number=number, phone=OWNER).household
    for _ in range(50):
        window.post(
            f"/api/v1/reveal/households.Household/{known.pk}/phone", {"reason": "核对身份"}, format="json"
        )
    applied(client, number)
    line = accept(window, last_application(), id_number=number).json()["errors"]
    assert OWNER not in line["difference_phone"][0]
    assert "137****0001" in line["difference_phone"][0]
    assert "个字不同" in line["difference_phone"][0]


def test_the_same_form_sent_again_after_acceptance_opens_nothing(client, window, number):
    known = factories.AcceptedMatter(id_number=number, phone=OWNER).household
    applied(client, number, key="once")
    accept(window, last_application(), id_number=number, differences="keep")
    again = Client()
    answer = applied(again, number, key="once")
    assert answer.status_code == 302
    assert again.get(known.get_absolute_url()).status_code in (302, 404)


def test_texts_go_to_the_phone_on_record_once_the_stranger_is_found_out(client, window, number):
    factories.AcceptedMatter(id_number=number, phone=OWNER)
    applied(client, number)
    matter = last_application()
    accept(window, matter, id_number=number, differences="keep")
    matter.refresh_from_db()
    assert matter.household.phone.plain() == OWNER


def test_a_new_household_is_verified_and_signs_in_anew_with_the_telephone_that_was_confirmed(
    client, window, number
):
    applied(client, number)
    matter = last_application()
    assert matter.household.verified is False
    assert accept(window, matter, id_number=number, phone=STRANGER).status_code == 200
    household = Household.objects.get(pk=matter.household_id)
    assert household.verified
    assert household.head.person.id_number.plain() == number
    assert client.get(matter.get_absolute_url()).status_code == 302
    again = Client()
    again.post("/sign-in/household/", {"id_number": number, "phone": STRANGER})
    code = again.get("/apply/code/").context["shown"]
    assert again.post("/apply/code/", {"code": code})["Location"] == "/workbench/"


def test_another_phone_at_the_window_ends_the_sign_in_of_whoever_applied(client, window, number):
    applied(client, number)
    matter = last_application()
    given = {"id_number": number, "phone": OWNER, "differences": "take"}
    assert accept(window, matter, id_number=number, phone=OWNER).status_code == 400
    assert accept(window, matter, **given).status_code == 200
    assert client.get(matter.get_absolute_url()).status_code == 302
    assert Household.objects.get(pk=matter.household_id).phone.plain() == OWNER
    again = Client()
    again.post("/sign-in/household/", {"id_number": number, "phone": STRANGER})
    assert again.get("/apply/code/").context["shown"] == ""


def test_a_document_with_another_number_than_told_must_be_confirmed(client, window, number):
    applied(client, number)
    matter = last_application()
    other = factories.new_id_number()
    assert "differences" in accept(window, matter, id_number=other).json()["errors"]
    assert accept(window, matter, id_number=other, differences="take").status_code == 200
    assert matter.household.head.person.id_number.plain() == other


def test_a_household_known_in_another_town_is_told_to_the_accepting_window_only(client, window, number):
    factories.AcceptedMatter(id_number=number, place=Place.objects.get(name="华士社区"))
    applied(client, number)
    matter = last_application()
    refused = accept(window, matter, id_number=number, differences="keep")
    assert refused.status_code == 400
    assert "华士镇" in refused.json()["errors"]["id_number"][0]
    assert "华士" not in client.get(matter.get_absolute_url()).content.decode()


def test_what_is_only_told_has_no_acts_of_a_household(client, window, number):
    applied(client, number)
    claim = last_application().household
    shown_moves = window.get(f"/api/v1/households/{claim.number}").json()
    assert shown_moves["verified"] is False
    assert shown_moves["moves"] == []  # it is closed with its matter
    body = {"scope": ["contact_name"], "form": "online", "purpose_code": "referral"}
    page = client.post(f"{claim.get_absolute_url()}give-consent/", body)
    assert page.status_code == 422
    assert not claim.consents.exists()
    found = window.get("/households/", {"q": number}).content.decode()
    assert claim.number not in found
    again = client.post("/matters/new/apply/", {"needs": ["care"], "story": "还要"})
    assert again.status_code == 422


def test_reporters_get_one_answer_whoever_the_number_belongs_to(api_of, number):
    known = factories.AcceptedMatter(id_number=number).household
    doors = {
        "xieguan": ("report", {"category": "none"}),
        "wangge": ("report", {"category": "none"}),
        "jigou": ("report_as_provider", {}),
        "shegong": ("report_as_provider", {}),
        "rexian": ("report_by_hotline", {}),
    }
    for username, (door, more) in doors.items():
        api, seen = api_of(username), []
        for each in (number, factories.new_id_number()):
            place = Place.objects.get(name="虹桥社区")
            body = {"id_number": each, "name": "某人", "phone": STRANGER, "story": "腿脚不便", **more}
            if door != "report":
                body["place"] = place.code if door == "report_by_hotline" else place.pk
            if door == "report_by_hotline":
                body["order"] = f"JY-{username}-{each[-4:]}-{len(seen)}"
            else:
                body["size"] = 1
            answer = api.post(f"/api/v1/matters/{door}", body, format="json")
            assert answer.status_code == 201, (username, answer.json())
            own = {"id", "number", "household", "created_at", "external_number"}
            seen.append({k: v for k, v in answer.json().items() if k not in own})
            matter = Matter.objects.get(number=answer.json()["number"])
            assert matter.household != known
            later = api.get(f"/api/v1/matters/{matter.number}").json()
            assert {k: v for k, v in later.items() if k not in own} == seen[-1]
        assert seen[0] == seen[1], username
    assert known.matters.count() == 1


def test_a_household_that_waits_signs_in_again_with_the_own_phone_to_the_own_words_only(client, number):
    known = factories.AcceptedMatter(id_number=number, phone=OWNER).household
    applied(client, number)
    with moments.as_of(moments.now() + timedelta(hours=2)):
        again = Client()
        again.post("/sign-in/household/", {"id_number": number, "phone": STRANGER})
        code = again.get("/apply/code/").context["shown"]
        assert again.post("/apply/code/", {"code": code})["Location"] == "/workbench/"
        assert again.get(last_application().get_absolute_url()).status_code == 200
        assert again.get(known.get_absolute_url()).status_code == 404
