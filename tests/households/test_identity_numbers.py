"""An identity number opens nothing by itself: those known and counted nowhere, what is said otherwise, the phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from households.register import members, registration
from households.register.models import Person
from organizations.places.models import Place
from tests import factories
from tests.households.asking import HERE, THERE, add, known_says


@pytest.fixture
def gone(home, who) -> Person:
    """Somebody who has left ``home`` and lives nowhere by the books."""
    person, window = home.head.person, who(THERE)
    members.add_member(home, by=window, name="李四", id_number=factories.new_id_number(), relation="spouse")
    members.end_membership(
        home, by=window, member=home.members.get(person=person), left_for="moved", on=moments.today()
    )
    return person


def test_somebody_who_counts_nowhere_is_not_opened_by_the_number_alone(api_of, gone, own, number):
    api = api_of(HERE)
    assert "name" in add(api, own, number, name="x", counts=True).json()["errors"]
    assert "why" in add(api, own, number, why="", counts=True).json()["errors"]
    assert add(api, own, number, why="持证来窗口登记", counts=True).status_code == 200
    assert Entry.objects.get(move="recognise", object_id=gone.pk).reason == "持证来窗口登记"
    told = Notice.objects.get(texts__icontains="重新登记")
    assert told.place_id == factories.town().pk
    assert "华士" not in told.text


def test_at_intake_too_the_name_and_a_reason_are_asked_for(api_of, gone, number):
    body = {
        "id_number": number,
        "name": "别人",
        "category": "none",
        "size": 1,
        "needs": ["care"],
        "place": Place.objects.get(name="华士社区").pk,
    }

    def sent(**more):
        return api_of(HERE).post("/api/v1/matters/accept_application", {**body, **more}, format="json")

    assert "name" in sent(why="来窗口").json()["errors"]
    assert "why" in sent(name="王小明").json()["errors"]
    assert sent(name="王小明", why="持证来窗口").status_code == 201
    assert registration.household_of(gone).town.name == "华士镇"


def test_what_a_known_household_says_otherwise_is_shown_and_decided(api_of, home, number):
    api = api_of(THERE)
    new = {"phone": "13711112222", "address": "新安里 9 号"}
    words = known_says(api, number, **new).json()["errors"]["differences"][0]
    assert "登记为 13800000000，现在说的是 13711112222" in words
    assert "新安里 9 号" in words
    assert known_says(api, number, **new, differences="keep").status_code == 201
    home.refresh_from_db()
    assert home.phone.plain() == "13800000000"
    assert known_says(api, number, **new, name="王晓明", differences="take").status_code == 201
    home.refresh_from_db()
    assert (home.phone.plain(), home.address.plain()) == ("13711112222", "新安里 9 号")
    assert home.head.person.name.plain() == "王晓明"
    assert Message.objects.filter(about="phone-changed")[0].to.plain() == "13800000000"


def test_a_known_household_with_nothing_new_is_accepted_as_quickly_as_before(api_of, home, number):
    assert known_says(api_of(THERE), number).status_code == 201
    same = {"name": " 王小明", "phone": "138 0000 0000", "address": "示例路1号"}
    assert known_says(api_of(THERE), number, **same).status_code == 201


def sign_in(client, number, phone) -> str:
    client.post("/sign-in/household/", {"id_number": number, "phone": phone})
    return client.get("/apply/code/").context["shown"]


def test_a_worker_who_changes_the_phone_is_not_the_household_a_minute_later(
    api_of, client_of, client, home, number
):
    new = "13711112222"
    body = {"phone": new, "category": "none", "size": 2, "language": "mandarin"}
    answer = api_of(THERE).post(f"/api/v1/households/{home.number}/update", body, format="json")
    assert answer.status_code == 200
    page = client_of(THERE).get(home.get_absolute_url()).content.decode()
    assert "刚改过电话" in page
    assert "更新了家庭情况和联系电话" in page
    told = Message.objects.get(about="phone-changed")
    assert told.to.plain() == "13800000000"
    assert "12345" in told.text
    assert sign_in(client, number, new) == ""
    assert sign_in(client, number, "13800000000") == ""
    assert Entry.objects.filter(
        object_id=home.pk, lifecycle="households.Household", move="update", after__has_key="phone"
    ).exists()
    with moments.as_of(moments.now() + timedelta(hours=23)):
        assert sign_in(client, number, new) == ""
    with moments.as_of(moments.now() + timedelta(hours=25)):
        assert sign_in(client, number, new)


def test_an_update_that_leaves_the_phone_tells_nobody(api_of, client, home, number):
    for phone in ("", "138 0000 0000"):
        body = {"phone": phone, "category": "none", "size": 2, "language": "mandarin"}
        api_of(THERE).post(f"/api/v1/households/{home.number}/update", body, format="json")
    assert not Message.objects.filter(about="phone-changed").exists()
    assert sign_in(client, number, "13800000000")
