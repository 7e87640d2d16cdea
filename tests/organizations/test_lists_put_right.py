"""What was entered wrongly is closed and entered anew, by hand or by list, and lists are refused before they break."""

from __future__ import annotations

import pytest
from django.db.models import Q

from foundation.refusals import Invalid
from organizations.bodies import closing as closing_bodies
from organizations.bodies import keeping
from organizations.bodies.models import Organization
from organizations.city_lists import entering
from organizations.people.models import User
from organizations.places import closing
from organizations.places import keeping as places
from organizations.places.models import Place
from tests.factories.sessions import proved
from tests.organizations import sheets
from tests.organizations.sheets import COMMUNITY, PLACES, STREET, entered, outcomes, uploaded


@pytest.fixture(scope="module", autouse=True)
def data_of_the_file(standing):
    """An empty database, as a city has it on its first day."""
    standing("schema")


@pytest.fixture
def admin():
    return sheets.first_administrator()


@pytest.fixture
def session(admin):
    return proved(User.objects.get(username="guanli"))


def test_the_city_with_a_wrong_code_is_closed_and_entered_anew(admin):
    wrong = places.enter(by=admin, kind="city", code="999998", name="示例市")
    with pytest.raises(Invalid, match="只有一个市"):
        places.enter(by=admin, kind="city", code="999999", name="示例市")
    closing.close(wrong, by=admin, reason="代码录错")
    city = places.enter(by=admin, kind="city", code="999999", name="示例市")
    town = places.enter(by=admin, kind="town", code="999999101", name="东镇")
    assert (town.parent, Place.objects.city()) == (city, city)
    assert keeping.establish(by=admin, kind="body", name="教育局").place == city


def test_a_list_that_names_the_code_of_a_closed_place_makes_a_new_one_and_says_so(admin, session):
    entered("places", PLACES, admin)
    keeping.establish(
        by=admin, kind="window", name="西街道窗口", place=Place.objects.get(code=STREET["code"])
    )
    for old in (Organization.objects.exclude(place=None), Place.objects.exclude(code="999999101")):
        for one in old.filter(Q(code__contains=STREET["code"]) | Q(code=COMMUNITY["code"])).order_by("-code"):
            (closing_bodies if isinstance(one, Organization) else closing).close(one, by=admin, reason="录错")
    rows = [{**STREET, "kind": "镇", "name": "西镇"}, {**COMMUNITY, "name": "西社区"}]
    waiting = uploaded("places", rows, admin)
    assert outcomes(waiting) == (2, 0, 0)
    assert [row["formerly"] for row in waiting.shown] == ["西街道", "乙社区"]
    assert "已停用的“西街道”" in session.get(waiting.get_absolute_url()).content.decode()
    entering.confirm(waiting, by=admin)
    town, community = (Place.objects.in_use().get(code=row["code"]) for row in (STREET, COMMUNITY))
    assert (town.kind, community.parent, Place.objects.filter(code=STREET["code"]).count()) == (
        "town",
        town,
        2,
    )
    assert community.organization_set.get().code == f"village-{COMMUNITY['code']}-2"
    assert outcomes(uploaded("places", rows, admin)) == (0, 0, 2)
    entered("windows", [{"town": STREET["code"], "name": "西镇窗口"}], admin)
    assert Organization.objects.windows().get(place=town).code == f"window-{STREET['code']}-2"


def test_a_row_without_a_code_draws_none_that_another_row_names(admin):
    entered("places", PLACES, admin)
    keeping.establish(by=admin, kind="body", name="先有的局")
    named = [{"name": "甲局"}, {"name": "乙局", "code": "body-2"}, {"name": "丙局", "code": "body-1000000"}]
    entered("bodies", [*named, {"name": "丁局"}], admin)
    assert dict(
        Organization.objects.exclude(code="minzheng").filter(kind="body").values_list("name", "code")
    ) == {"先有的局": "body-1", "甲局": "body-3", "乙局": "body-2", "丙局": "body-1000000", "丁局": "body-4"}


@pytest.mark.parametrize("code", ["window-999999101", "village-999999101209", "p-11320281mj00000151"])
def test_no_body_takes_a_code_that_is_made_for_another_kind(admin, code):
    entered("places", PLACES, admin)
    assert "请换一个" in sheets.faults("bodies", [{"name": "新局", "code": code}], admin)[0]
    entered("bodies", [{"name": "新局", "code": "p-hospital"}], admin)
