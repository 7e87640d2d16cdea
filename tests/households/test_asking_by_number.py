"""Every question by number is counted, limited and written down."""

from __future__ import annotations

from datetime import timedelta

from foundation import moments
from foundation.journal.models import Entry
from households.identity.models import LookUp
from organizations.places.models import Place
from tests import factories
from tests.households.asking import HERE, THERE, known_says


def test_a_grid_worker_may_not_ask_by_number(client_of, number):
    place = Place.objects.get(name="虹桥社区")
    household = factories.AcceptedMatter(id_number=number, place=place).household
    page = client_of("wangge").get("/households/", {"q": number})
    assert page.status_code == 422
    assert household.number not in page.content.decode()
    assert household.number in client_of("wangge").get("/households/").content.decode()


def test_every_question_by_number_is_counted_once_an_hour_and_written_down(client_of, who, home, number):
    client = client_of(THERE)
    for _ in range(3):
        assert home.number in client.get("/households/", {"q": number}).content.decode()
        client.post("/intake/household/", {"id_number": number})
    assert LookUp.objects.get().user_id == who(THERE).user_id
    entry = Entry.objects.get(move="look_up")
    assert (entry.object_id, entry.actor_id) == (home.pk, who(THERE).user_id)
    assert entry.after["found"] == "here"
    assert number not in str(entry.after)
    with moments.as_of(moments.now() + timedelta(minutes=61)):
        client.get("/households/", {"q": number})
    assert LookUp.objects.count() == 2


def test_who_finds_nobody_too_often_has_to_wait_at_every_door(client_of, api_of, home, number):
    factories.rule("households.look_ups", missed_an_hour=3)
    client = client_of(HERE)
    for _ in range(3):
        client.post("/intake/household/", {"id_number": factories.new_id_number()})
    page = client.get("/households/", {"q": factories.new_id_number()})
    assert page.status_code == 422
    assert "太频繁" in page.content.decode()
    assert "太频繁" in client.post("/intake/household/", {"id_number": number}).content.decode()
    for address, body in (
        ("matters/accept_application", {"id_number": number, "needs": ["care"]}),
        (
            f"households/{factories.AcceptedMatter(place=Place.objects.get(name='华士社区')).household.number}/add_member",
            {"id_number": number, "name": "x", "relation": "other"},
        ),
    ):
        answer = api_of(HERE).post(f"/api/v1/{address}", body, format="json")
        assert answer.status_code == 429, address
    with moments.as_of(moments.now() + timedelta(minutes=61)):
        page = client.get("/households/", {"q": factories.new_id_number()})
        assert page.status_code == 200


def test_even_what_is_found_has_a_limit(client_of, home, number):
    factories.rule("households.look_ups", an_hour=1, missed_an_hour=1)
    other = factories.new_id_number()
    factories.AcceptedMatter(id_number=other)
    client = client_of(THERE)
    assert client.get("/households/", {"q": number}).status_code == 200
    assert client.get("/households/", {"q": number}).status_code == 200
    assert client.get("/households/", {"q": other}).status_code == 422


def test_a_household_of_another_town_looks_new_until_the_form_is_sent_with_a_reason(
    client_of, api_of, home, number
):
    client = client_of(HERE)
    fresh = factories.new_id_number(sex="F")
    pages = [
        client.post("/intake/household/", {"id_number": each}).content.decode() for each in (number, fresh)
    ]
    assert "澄江" not in pages[0]
    assert "新家庭" in pages[0]
    assert "新家庭" in pages[1]
    answer = known_says(api_of(HERE), number).json()
    assert "why" in answer["errors"]
    assert "澄江" not in str(answer)
    answer = known_says(api_of(HERE), number, why="来人说住在本镇").json()
    assert "澄江街道" in str(answer["errors"]["place"])
    assert Entry.objects.filter(move="look_up", reason="来人说住在本镇").exists()


def test_a_masked_number_cannot_be_completed_from_what_stands_beside_it(client_of, home, number):
    page = client_of("wangge").get(home.get_absolute_url()).content.decode()
    assert f"{number[:6]}************" in page
    assert f"*{number[-1]}<" not in page.replace("**<", "")


def test_whoever_was_taken_in_is_no_miss_however_many_come(api_of):
    window = api_of("chuangkou")
    place = Place.objects.filter(parent=factories.town()).first().pk
    for _ in range(25):
        given = {
            "id_number": factories.new_id_number(),
            "name": "测试人",
            "place": place,
            "size": 1,
            "category": "none",
            "needs": ["care"],
            "story": "受灾",
            "phone": "13800000000",
        }
        answer = window.post("/api/v1/matters/accept_application", given, format="json")
        assert answer.status_code == 201, answer.content.decode()
