"""The directory at /hsds/ answers as HSDS 3.0 says, without sign-in."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.editions.models import Edition
from catalog.hsds import checking, ids
from catalog.items.kinds import TargetGroup
from catalog.offers.models import Offer
from foundation import moments
from foundation.city.models import City
from foundation.roles import SYSTEM
from foundation.work_items import rebuilding
from organizations.listings import entering
from organizations.listings.kinds import ListKind
from organizations.providers import standing
from organizations.providers.models import Provider
from tests import factories

pytestmark = pytest.mark.story


@pytest.fixture
def ask(client):
    def get(address: str, code: int = 200):
        answer = client.get(f"/hsds/{address}")
        assert answer.status_code == code, answer.content.decode()
        return json.loads(answer.content)

    return get


def test_every_answer_of_every_address_is_valid(client):
    def fetch(address: str):
        answer = client.get(address)
        return answer.status_code, json.loads(answer.content)

    checked = list(checking.check(fetch))
    assert [each for each in checked if each.faults] == []
    assert len(checked) == 18
    assert all(each.things for each in checked)


def test_the_check_can_fail():
    wrong = {"id": "no-uuid", "name": 5, "status": "open", "url": "nowhere"}
    faults = [fault.json_path for fault in checking.validator("service_list").iter_errors(wrong)]
    assert sorted(faults) == ["$.id", "$.name", "$.status", "$.url"]

    def fetch(address: str):
        return 200, {"version": "2.0"}

    with pytest.raises(KeyError):
        list(checking.check(fetch))


def test_the_root_names_the_version_and_where_the_description_is(ask):
    root = ask("")
    assert root["version"] == "3.0"
    assert root["openapi_url"].endswith("/hsds/openapi.json")
    assert set(ask("openapi.json")["paths"]) >= {"/services", "/services/{id}", "/organizations"}


def test_any_site_may_read_it(client):
    answer = client.get("/hsds/services")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "session" not in str(answer.cookies)


def test_pages_follow_one_another_and_hold_everything_once(ask):
    seen = []
    first = ask("services?per_page=10")
    for page in range(1, first["total_pages"] + 1):
        found = ask(f"services?per_page=10&page={page}")
        assert found["first_page"] == (page == 1)
        assert found["last_page"] == (page == first["total_pages"])
        assert found["size"] == len(found["contents"])
        seen += [content["id"] for content in found["contents"]]
    assert len(seen) == len(set(seen)) == first["total_items"] == Offer.objects.serving().count()
    beyond = ask("services?per_page=10&page=999")
    assert (beyond["empty"], beyond["contents"], beyond["last_page"]) == (True, [], True)


def test_a_stream_of_lines_holds_everything_without_pages(client, ask):
    answer = client.get("/hsds/services?format=ndjson&full=true")
    assert answer["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert len(lines) == ask("services")["total_items"]
    assert all(checking.validator("service").is_valid(each) for each in lines)


def test_search_and_filters(ask):
    def names(query: str) -> set[str]:
        return {content["name"] for content in ask(f"services?per_page=500&{query}")["contents"]}

    assert names(f"search={quote('送餐')}") == {"助餐送餐"}
    assert "助餐送餐" in names(f"search={quote('银杏')}")  # by the provider's name
    assert names(f"taxonomy_term_id={ids.of_code('C01')}") == {"心理疏导", "危机干预", "哀伤辅导"}
    assert names(f"taxonomy_term_id={ids.of_group('children')}") >= {"儿童课业辅导"}
    assert names(f"taxonomy_term_id={ids.of_code('Z')}") == set()
    lists = {content["name"]: content["id"] for content in ask("taxonomies")["contents"]}
    assert len(names(f"taxonomy_id={lists['服务人群']}")) > 10
    assert names(f"taxonomy_id={ids.make('taxonomy', 9)}") == set()
    organization = ask("organizations")["contents"][0]["id"]
    own = ask(f"organizations/{organization}")["services"]
    assert len(names(f"organization_id={organization}")) == len({each["name"] for each in own})


def test_what_changed_after_a_moment(ask):
    later = (moments.now() + timedelta(minutes=1)).isoformat()
    assert ask(f"services?modified_after={quote(later)}")["total_items"] == 0
    offer = factories.AcceptedOffer()
    before = (offer.changed_at - timedelta(seconds=2)).isoformat()
    found = ask(f"services?modified_after={quote(before)}")
    assert [content["id"] for content in found["contents"]] == [ids.make("service", offer.pk)]
    assert ask("services?modified_after=2020-01-01")["total_items"] > 20


def test_minimal_gives_all_in_one_page(ask):
    found = ask("services?minimal=true&per_page=5")
    assert found["size"] == found["total_items"]
    assert set(found["contents"][0]) == {"id", "name", "status", "last_modified"}


def test_free_capacity_is_as_it_is_now(ask):
    offer = factories.AcceptedOffer(places=5)
    address = f"services/{ids.make('service', offer.pk)}"
    assert ask(address)["capacities"][0]["available"] == 5
    Offer.objects.filter(pk=offer.pk).update(taken=5)
    found = ask(address)
    assert (found["capacities"][0]["available"], found["capacities"][0]["maximum"]) == (0, 5)
    assert found["wait_time"] == "需等候"


def test_a_service_tells_eligibility_schedule_cost_area_and_terms(ask):
    offer = Offer.objects.serving().get(item__code="B01.04")
    found = ask(f"services/{ids.make('service', offer.pk)}")
    assert found["minimum_age"] == 60
    assert "年满 60 周岁" in found["eligibility_description"]
    (schedule,) = found["schedules"]
    assert (schedule["freq"], schedule["byday"], schedule["opens_at"]) == (
        "WEEKLY",
        "MO,TU,WE,TH,FR",
        "08:30",
    )
    assert [cost_option["amount"] for cost_option in found["cost_options"]] == [0, 14.0]
    assert found["service_areas"]
    assert found["service_at_locations"][0]["location"]["addresses"][0]["country"] == "CN"
    terms = {attribute["taxonomy_term_id"] for attribute in found["attributes"]}
    assert ids.of_code("B01.04") in terms
    assert ids.of_group("elderly") in terms


def test_terms_form_the_levels_of_the_catalog(ask):
    group = ask(f"taxonomy_terms/{ids.of_code('B')}")
    assert (group["name"], "parent_id" in group) == ("照料护理", False)
    item = ask(f"taxonomy_terms/{ids.of_code('B01.04')}")
    assert item["parent_id"] == ids.of_code("B01")
    below = ask(f"taxonomy_terms?parent_id={ids.of_code('B01')}&per_page=500")["contents"]
    assert {each["code"] for each in below} == {"B01.01", "B01.02", "B01.03", "B01.04", "B01.05"}
    tops = ask("taxonomy_terms?top_only=true&per_page=500")["contents"]
    assert {"A", "B", "C", "D", "E"} <= {top["code"] for top in tops}
    assert "B01" not in {top["code"] for top in tops}


def test_identifiers_stay_through_a_new_edition(ask):
    before = {content["id"] for content in ask("services?per_page=500")["contents"]}
    factories.PublishedEdition(change={"B01.01": {"unit": "次"}})
    after = {content["id"] for content in ask("services?per_page=500")["contents"]}
    assert before == after
    assert ask(f"taxonomy_terms/{ids.of_code('B01.01')}")


def test_the_suspended_are_closed_for_now_and_the_exited_are_gone(ask, who):
    provider = Provider.objects.get(organization__name="江阴银杏居家养老服务有限公司")
    organization = ids.make("organization", provider.organization_id)
    standing.suspend(provider, by=who("minzheng"), reason="整改")
    found = ask(f"services?organization_id={organization}")["contents"]
    assert {each["status"] for each in found} == {"temporarily closed"}
    leaving = Provider.objects.get(pk=provider.pk)
    standing.leave(leaving, by=SYSTEM, reason="整改不合格", until=moments.today())
    assert ask(f"services?organization_id={organization}")["total_items"] == 0
    assert ask(f"organizations/{organization}", 404)["status"] == 404


def _listed(provider: Provider, who) -> None:
    entering.enter(
        by=who("minzheng"),
        credit_code=provider.credit_code,
        name=str(provider),
        kind=ListKind.SERIOUS_BREACH,
        listed_on=moments.today(),
        source="公示平台",
    )


def _run_out(provider: Provider, who) -> None:
    Provider.objects.filter(pk=provider.pk).update(accredited_until=moments.today() - timedelta(days=1))
    rebuilding.follow_the_day()


def _suspended(provider: Provider, who) -> None:
    standing.suspend(provider, by=who("minzheng"), reason="整改")


@pytest.mark.parametrize("closed", [_listed, _run_out, _suspended])
def test_who_may_take_on_nothing_today_is_shown_as_open_by_no_public_door(ask, client, who, closed):
    name = "江阴银杏居家养老服务有限公司"
    provider = Provider.objects.get(organization__name=name)
    organization = ids.make("organization", provider.organization_id)
    assert name in str(ask("organizations?per_page=500"))
    closed(provider, who)
    for listed in ("organizations", "locations"):
        assert name not in str(ask(f"{listed}?per_page=500")), listed
        assert ask(f"{listed}?search={quote(name)}")["total_items"] == 0
    assert name not in client.get("/organizations/").content.decode()
    assert "目前不承接" in ask(f"organizations/{organization}")["description"]
    services = ask(f"services?organization_id={organization}&full=true&per_page=500")["contents"]
    assert {each["status"] for each in services} == {"temporarily closed"}
    assert {each["capacities"][0]["available"] for each in services} == {0}
    assert {each["status"] for each in ask(f"organizations/{organization}")["services"]} == {
        "temporarily closed"
    }
    page = client.get(f"/organizations/{provider.organization.code}/").content.decode()
    assert str(Provider.objects.get(pk=provider.pk).standing_label) in page


def test_the_demonstration_says_that_it_is_one(client, ask):
    assert City.objects.get().demonstration
    for address in ("", "services", "organizations", "taxonomies"):
        assert "虚构" in ask(address)["notice"]
    assert client.get("/hsds/services?format=ndjson")["X-Demonstration"]
    City.objects.update(demonstration=False)
    assert "notice" not in ask("services")
    assert "X-Demonstration" not in client.get("/hsds/services")


def test_near_a_postcode(ask):
    whole = ask("service_at_locations?postcode=214400")["total_items"]
    near = ask("service_at_locations?postcode=214400&proximity=3000")["total_items"]
    assert 0 < near < whole
    assert ask("service_at_locations?postcode=100000")["total_items"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "per_page=0",
        "per_page=501",
        "format=xml",
        "colour=red",
        "modified_after=yesterday",
        "modified_after=2026-13-01",
        "modified_after=0001-01-01T00:00:00%2B23:59",
        "search=%00",
        "full=maybe",
    ],
)
def test_wrong_parameters_are_refused_by_name(ask, query):
    problem = ask(f"services?{query}", 400)
    assert set(problem["errors"]) == {query.split("=")[0]}


def test_proximity_wants_a_postcode(ask):
    assert "proximity" in ask("service_at_locations?proximity=5", 400)["errors"]


@pytest.mark.parametrize(
    "path", ["services", "organizations", "locations", "service_at_locations", "taxonomies", "taxonomy_terms"]
)
@pytest.mark.parametrize(
    "identifier", ["1", "no-uuid", "00000000-0000-0000-0000-000000000000", ids.make("phone", 1)]
)
def test_what_is_not_there_is_404(ask, path, identifier):
    assert ask(f"{path}/{identifier}", 404)["type"] == "/problems/not-found"


def test_no_application_that_nobody_accepted_is_shown(ask):
    assert Offer.objects.filter(status="applied").exists()
    shown = {content["id"] for content in ask("services?per_page=500")["contents"]}
    for offer in Offer.objects.exclude(status__in=["accepted", "to_renew", "renewed"]):
        assert ids.make("service", offer.pk) not in shown


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("services", 3),
        ("services?full=true", 4),
        ("organizations", 3),
        ("organizations?full=true", 5),
        ("service_at_locations", 3),
    ],
)
def test_a_list_is_the_same_number_of_queries_for_few_and_for_many(
    client, address, most, django_assert_max_num_queries
):
    joint = "&" if "?" in address else "?"
    for size in (1, 25):
        with django_assert_max_num_queries(most) as counted:
            client.get(f"/hsds/{address}{joint}per_page={size}")
        if size == 1:
            few = len(counted)
    assert len(counted) == few


# --- identifiers ---------------------------------------------------------------------------


@given(st.sampled_from(["service", "organization", "location"]), st.integers(0, 2**62 - 1))
def test_an_identifier_is_a_uuid_and_gives_its_key_back(kind, number):
    text = ids.make(kind, number)
    assert UUID(text).version == 8
    assert str(UUID(text)) == text
    assert ids.read(kind, text) == number
    assert ids.read("phone", text) is None


@given(st.from_regex(r"\A[A-Z](\d{2}(\.\d{2})?)?\Z"))
def test_the_identifier_of_a_code_gives_the_code_back(code):
    if code.isascii():
        assert ids.code_in(ids.of_code(code)) == code


def test_target_groups_have_identifiers_of_their_own():
    assert len(ids.groups()) == len(TargetGroup.values)
    assert Edition.objects.in_force().exists()
