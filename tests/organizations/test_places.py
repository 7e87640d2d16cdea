"""Places are entered, changed and closed by the city's administrator alone."""

from __future__ import annotations

import pytest

from foundation.journal.models import Entry
from foundation.refusals import Invalid, NotNow, NotYours
from organizations.bodies import closing as closing_bodies
from organizations.bodies import keeping as establishing
from organizations.bodies.models import Organization
from organizations.people import ending, giving
from organizations.people.models import User
from organizations.places import closing, keeping
from organizations.places.models import Place, PlaceKind
from tests import factories
from tests.factories import actor
from tests.marketplace.problems import problem


@pytest.fixture
def admin():
    return actor("guanli")


def village(admin, code="320281001009", name="新开社区", **given) -> Place:
    return keeping.enter(
        by=admin, kind=PlaceKind.VILLAGE, code=code, name=name, parent=factories.town(), **given
    )


def test_a_village_comes_with_its_committee_and_both_stand_in_the_journal(admin):
    place = village(admin)
    committee = Organization.objects.get(place=place)
    assert (committee.kind, committee.name) == ("committee", "新开社区居民委员会")
    assert committee.names.get().name == committee.name
    assert (
        keeping.enter(by=admin, kind="village", code="320281001010", name="新开村", parent=factories.town())
        .organization_set.get()
        .name.endswith("新开村村民委员会")
    )
    acts = Entry.objects.filter(lifecycle="organizations.Place", object_id=place.pk).values_list(
        "move", flat=True
    )
    assert list(acts) == ["enter"]
    entry = Entry.objects.get(lifecycle="organizations.Organization", object_id=committee.pk)
    assert (entry.move, entry.actor_id) == ("establish", admin.user_id)


def test_the_zeros_of_statistics_behind_the_code_of_a_town_are_left_out(admin):
    town = keeping.enter(by=admin, kind=PlaceKind.TOWN, code="320281199000", name="新设镇")
    assert (town.code, town.parent.kind) == ("320281199", "city")
    assert village(admin, "320281 001 008").code == "320281001008"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "village", "code": "320281102001", "name": "甲村", "parent": "澄江街道"}, "code"),
        ({"kind": "village", "code": "320281001", "name": "甲村", "parent": "澄江街道"}, "code"),
        ({"kind": "village", "code": "3202810010010", "name": "甲村", "parent": "澄江街道"}, "code"),
        ({"kind": "village", "code": "32028100100a", "name": "甲村", "parent": "澄江街道"}, "code"),
        ({"kind": "village", "code": "32028100101", "name": "甲村", "parent": "澄江街道"}, "code"),
        ({"kind": "village", "code": "320281001019", "name": "甲村"}, "parent"),
        ({"kind": "village", "code": "320281019", "name": "甲村", "parent": "江阴市"}, "parent"),
        ({"kind": "town", "code": "320281001019", "name": "甲镇", "parent": "澄江街道"}, "parent"),
        ({"kind": "town", "code": "320282101", "name": "甲镇"}, "code"),
        ({"kind": "city", "code": "320282", "name": "乙市"}, "kind"),
        ({"kind": "village", "code": "320281001019", "name": "虹桥社区", "parent": "澄江街道"}, "name"),
        (
            {
                "kind": "village",
                "code": "320281001019",
                "name": "甲村",
                "parent": "澄江街道",
                "zone": "高新区",
            },
            "zone",
        ),
        ({"kind": "town", "code": "320281199", "name": "甲镇", "zone": "澄江街道"}, "zone"),
        ({"kind": "town", "code": "320281199", "name": "甲镇", "latitude": 31.0}, "longitude"),
        (
            {"kind": "town", "code": "320281199", "name": "甲镇", "latitude": 131.0, "longitude": 120.0},
            "latitude",
        ),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_made(admin, given, field):
    before = Place.objects.count()
    named = {key: Place.objects.get(name=given[key]) for key in ("parent", "zone") if key in given}
    with pytest.raises(Invalid) as refused:
        keeping.enter(by=admin, **given | named)
    assert set(refused.value.fields) == {field}
    assert Place.objects.count() == before


def test_what_was_entered_wrongly_is_closed_and_entered_anew_with_the_same_code(admin):
    town = keeping.enter(by=admin, kind=PlaceKind.TOWN, code="320281199", name="新设镇")
    with pytest.raises(Invalid, match="320281199"):
        keeping.enter(by=admin, kind=PlaceKind.STREET, code="320281199", name="新设街道")
    window = establishing.establish(by=admin, kind="window", name="新设镇窗口", place=town)
    inside = keeping.enter(by=admin, kind="village", code="320281199001", name="新村", parent=town)
    for body in (window, inside.organization_set.get()):
        closing_bodies.close(body, by=admin, reason="录错")
    for place in (inside, town):
        closing.close(place, by=admin, reason="录错")
    street = keeping.enter(by=admin, kind=PlaceKind.STREET, code="320281199", name="新设镇")
    again = keeping.enter(by=admin, kind="village", code="320281199001", name="新村", parent=street)
    assert Place.objects.in_use().get(code="320281199") == street
    assert (again.parent, again.organization_set.get().code) == (street, "village-320281199001-2")
    second = establishing.establish(by=admin, kind="window", name="新设街道窗口", place=street)
    assert second.code == "window-320281199-2"
    with pytest.raises(Invalid, match="320281199"):
        keeping.enter(by=admin, kind=PlaceKind.TOWN, code="320281199", name="又一镇")


def test_nobody_else_enters_changes_or_closes_a_place(admin):
    for username in ("minzheng", "chuangkou", "shenji"):
        with pytest.raises(NotYours):
            keeping.enter(
                by=actor(username), kind="village", code="320281001009", name="甲村", parent=factories.town()
            )
        with pytest.raises(NotYours):
            keeping.change(factories.town(), by=actor(username), name="别名")
        with pytest.raises(NotYours):
            closing.close(factories.town(), by=actor(username), reason="撤并")


def test_a_change_keeps_what_was_in_the_journal_and_an_unknown_position_is_none(admin):
    place = village(admin, latitude=31.9, longitude=120.3)
    place = keeping.change(place, by=admin, name="新开社区", name_en="New", latitude=None, longitude=None)
    assert (place.name_en, place.latitude, place.longitude) == ("New", None, None)
    entry = Entry.objects.get(lifecycle="organizations.Place", object_id=place.pk, move="change")
    assert entry.before["latitude"] == "31.9"
    assert entry.after["latitude"] is None


def test_a_place_is_closed_once_nothing_hangs_on_it(admin):
    place = village(admin)
    committee = Organization.objects.get(place=place)
    person = User.objects.create(username="xieguan9", full_name="协管员")
    held = giving.give(by=admin, person=person, role="assistant", organization=committee, place=place)
    with pytest.raises(NotNow, match=r"1 个机构在这里.*1 人在这里任职"):
        closing.close(place, by=admin, reason="撤并")
    with pytest.raises(NotNow, match="1 人在这里任职"):
        closing_bodies.close(committee, by=admin, reason="撤并")
    ending.end(held, by=admin, reason="撤并")
    closing_bodies.close(committee, by=admin, reason="撤并")
    assert closing.close(place, by=admin, reason="撤并").closed
    with pytest.raises(Invalid):
        giving.give(by=admin, person=person, role="assistant", organization=committee, place=place)
    with pytest.raises(NotNow, match="个下级地点在使用"):
        closing.close(factories.town(), by=admin, reason="撤并")
    assert place not in Place.objects.villages()


def test_households_keep_their_village_in_use(admin):
    household = factories.AcceptedMatter(consent=False).household
    with pytest.raises(NotNow, match="户家庭住在这里"):
        closing.close(household.place, by=admin, reason="撤并")


def test_pages_show_the_tree_and_the_administrator_enters_by_hand(client_of):
    client = client_of("guanli")
    page = client.get("/places/", {"q": "澄江"}).content.decode()
    assert page.index("澄江街道") < page.index("虹桥社区")
    assert "320281001" in client.get("/places/", {"q": "320281001"}).content.decode()
    assert "祝塘镇" not in client.get("/places/", {"kind": "village", "q": "澄江"}).content.decode()
    sent = {
        "kind": "village",
        "code": "320281001009",
        "name": "新开社区",
        "parent": factories.town().pk,
        "key": "k1",
    }
    wrong = client.post("/places/new/enter/", {**sent, "code": "99"})
    assert wrong.status_code == 422
    assert "新开社区" in wrong.content.decode()
    assert client.post("/places/new/enter/", sent).status_code == 302
    place = Place.objects.get(code="320281001009")
    assert "新开社区居民委员会" in client.get(place.get_absolute_url()).content.decode()
    assert client_of("chuangkou").get(place.get_absolute_url()).status_code == 200
    assert client_of("chuangkou").get("/places/new/enter/").status_code == 403


def test_the_api_does_the_same(api_of):
    api = api_of("guanli")
    town = factories.town()
    body = {"kind": "village", "code": "320281001009", "name": "新开社区", "parent": town.pk}
    told = problem(
        api.post("/api/v1/places/enter", {**body, "code": "320281102009"}, format="json"), 400, "invalid"
    )
    assert "320281001" in told["errors"]["code"][0]
    made = api.post("/api/v1/places/enter", body, format="json").json()
    assert (made["latitude"], made["status"]) == (None, "in_use")
    assert set(made["moves"]) == {"change"}
    changed = api.post(
        f"/api/v1/places/{made['id']}/change", {"latitude": 31.9, "longitude": 120.2}, format="json"
    )
    assert (changed.json()["latitude"], changed.json()["name"]) == (31.9, "新开社区")
    listed = api.get("/api/v1/places", {"parent": town.pk, "status": "in_use"}).json()["results"]
    assert "新开社区" in {row["name"] for row in listed}
