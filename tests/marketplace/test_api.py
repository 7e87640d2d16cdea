"""The API: one error shape, cursor paging, safe repetition, a schema that holds."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from foundation import moments
from foundation.deadlines.models import Clock
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES
from organizations.people.models import User
from organizations.places.models import Place
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import missing
from tests import factories
from tests.marketplace.problems import problem

#: Statements of any list.
MOST = 25


@pytest.mark.slow
def test_the_schema_is_whole_and_without_warnings(tmp_path):
    target = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(target))
    text = target.read_text()
    assert "/api/v1/referrals/{number}/accept" in text
    assert "Idempotency-Key" in text


def test_schema_and_docs_are_open_and_load_from_this_host(client):
    assert client.get("/api/v1/schema").status_code == 200
    page = client.get("/api/v1/docs").content.decode()
    assert "swagger" in page
    assert "https://" not in page.replace("https://swagger.io", "")


def test_the_description_is_made_once_in_each_language_and_not_sent_twice(client, monkeypatch):
    made, usual = [], SchemaGenerator.get_schema
    monkeypatch.setattr(
        SchemaGenerator, "get_schema", lambda *args, **given: made.append(1) or usual(*args, **given)
    )
    for _ in range(3):
        for asked in ("", "?lang=en", "?lang=zh-hans", "?lang=xx", "?version=9", "?format=json"):
            answer = client.get(f"/api/v1/schema{asked}")
            assert answer.status_code == 200
            again = client.get(f"/api/v1/schema{asked}", HTTP_IF_NONE_MATCH=answer["ETag"])
            assert (again.status_code, again.content) == (304, b"")
    assert len(made) <= 2
    chinese, english = (client.get(f"/api/v1/schema?lang={each}") for each in ("zh-hans", "en"))
    assert chinese.content != english.content
    described = client.get("/api/v1/schema?format=json").json()
    assert "/api/v1/referrals/{number}/accept" in described["paths"]
    assert client.get("/api/v1/schema", HTTP_ACCEPT="image/png").status_code == 406


def test_without_a_token_one_is_asked_to_sign_in(client):
    answer = client.get("/api/v1/matters")
    problem(answer, 401, "sign-in")
    assert answer["WWW-Authenticate"] == "Token, Bearer"


def test_a_wrong_password_is_a_problem_at_its_field(client):
    answer = client.post(
        "/api/v1/sign-in", {"username": "minzheng", "password": "x"}, content_type="application/json"
    )
    assert "password" in problem(answer, 400, "invalid")["errors"]


def test_a_name_longer_than_any_account_has_is_refused_at_its_field(client):
    answer = client.post(
        "/api/v1/sign-in", {"username": "\u5f20" * 300, "password": "x"}, content_type="application/json"
    )
    assert "username" in problem(answer, 400, "invalid")["errors"]


def test_sign_in_by_token_is_throttled(client):
    codes = [
        client.post(
            "/api/v1/sign-in", {"username": "u", "password": "x"}, content_type="application/json"
        ).status_code
        for _ in range(9)
    ]
    assert codes[-1] == 429


def test_me_says_which_roles_one_has_and_a_header_picks_one(api_of, who):
    from organizations.people.models import Membership, User

    user = User.objects.get(username="bumen")
    body = who("shenji").organization_id
    second = Membership.objects.create(
        user=user, role="auditor", organization_id=body, valid_from="2020-01-01"
    )
    api = api_of("bumen")
    assert [row["role"] for row in api.get("/api/v1/me").json()] == ["handler", "auditor"]
    assert api.get("/api/v1/journal").status_code == 403
    assert api.get("/api/v1/journal", headers={"X-Membership": str(second.pk)}).status_code == 200


def test_lists_are_paged_by_cursor_newest_first(api_of):
    api = api_of("minzheng")
    seen, address = [], "/api/v1/matters?page_size=7"
    while address:
        page = api.get(address).json()
        assert len(page["results"]) <= 7
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == sorted(Matter.objects.values_list("id", flat=True), reverse=True)


def test_lists_are_filtered_and_an_unknown_filter_is_refused(api_of, who):
    api = api_of("minzheng")
    factories.OpenNeed()
    intake.report(by=who("xieguan"), name="孙七", id_number="", category="none", size=1, story="x")
    assert Matter.objects.exclude(status="accepted").exists()
    rows = api.get("/api/v1/matters?status=accepted").json()["results"]
    assert {row["status"] for row in rows} == {"accepted"}
    body = problem(api.get("/api/v1/matters?colour=red"), 400, "invalid")
    assert "colour" in body["errors"]
    assert problem(api.get("/api/v1/matters?status=nonsense"), 400, "invalid")


@pytest.mark.parametrize(
    "path",
    [
        "matters",
        "needs",
        "referrals",
        "households",
        "contracts",
        "invoices",
        "offers",
        "editions",
        "providers",
        "rounds",
        "schemes",
        "sheets",
        "comments",
        "places",
        "organizations",
        "notices",
        "budget-lines",
        "rules",
        "journal",
    ],
)
def test_a_list_needs_the_same_queries_for_few_and_for_many(api_of, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    api = api_of("minzheng")
    counts = []
    for size in (2, 200):
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"/api/v1/{path}?page_size={size}").status_code == 200
        counts.append(len(queries))
    lifecycle = LIFECYCLES.get(resolve(f"/api/v1/{path}").func.cls.model._meta.label)
    # What only some states lack is asked once: pages of one state are compared in test_offered_lists.
    assert counts[1] <= (MOST if lifecycle and lifecycle.lacks else counts[0] + 1), counts


def test_a_move_that_is_not_allowed_now_says_why_and_what_is(api_of):
    referral = factories.AcceptedReferral()
    user = User.objects.get(pk=factories.member_of(referral.provider).user_id)
    api = APIClient()
    api.force_login(user)
    answer = api.post(f"/api/v1/referrals/{referral.number}/accept", {}, format="json")
    body = problem(answer, 409, "not-now")
    assert body["rule"] == "S28"
    assert "plan" in body["allowed"]
    assert "已接受" in body["detail"]


def test_the_same_key_answers_the_same_and_another_body_is_refused(api_of):
    api = api_of("chuangkou")
    given = {
        "id_number": factories.new_id_number(),
        "name": "王小明",
        "category": "none",
        "size": 1,
        "place": Place.objects.get(name="虹桥社区").pk,
        "needs": ["care"],
    }
    path = "/api/v1/matters/accept_application"
    first = api.post(path, given, format="json", headers={"Idempotency-Key": "abc"})
    again = api.post(path, given, format="json", headers={"Idempotency-Key": "abc"})
    assert first.status_code == again.status_code == 201
    assert first.json()["number"] == again.json()["number"]
    other = api.post(path, {**given, "size": 2}, format="json", headers={"Idempotency-Key": "abc"})
    problem(other, 422, "key-reused")


def test_a_body_that_is_no_object_or_no_json_is_a_problem(api_of):
    api = api_of("chuangkou")
    path = "/api/v1/matters/accept_application"
    problem(api.post(path, [1], format="json"), 400, "invalid")
    problem(api.post(path, "{", content_type="application/json"), 400, "parse-error")
    problem(api.post(path, "x=1", content_type="text/plain"), 415, "unsupported-media-type")


def test_an_unknown_field_is_refused_instead_of_ignored(api_of):
    answer = api_of("chuangkou").post(
        "/api/v1/matters/accept_application", {"id_number": "x", "surname": "y"}, format="json"
    )
    body = problem(answer, 400, "invalid")
    assert "surname" in body["errors"]
    assert "id_number" in body["errors"]


def test_what_is_not_there_or_not_ones_own_is_the_same_404(api_of):
    api = api_of("chuangkou")
    foreign = factories.AcceptedMatter(place=Place.objects.get(name="华士社区"))
    for number in ("SL-0000-000000", foreign.number):
        problem(api.get(f"/api/v1/matters/{number}"), 404, "not-found")


def test_a_wrong_method_is_a_problem(api_of):
    problem(api_of("minzheng").delete("/api/v1/matters"), 405, "method-not-allowed")


def test_the_moves_of_an_object_are_those_the_asking_person_may_make(api_of):
    need = factories.OpenNeed(kind="living")
    mine = api_of("chuangkou").get(f"/api/v1/needs/{need.pk}").json()
    assert mine["moves"] == ["transfer", "bring_to_conference"]
    theirs = api_of("minzheng").get(f"/api/v1/needs/{need.pk}").json()
    assert theirs["moves"] == []


def test_programs_may_ask_for_english(api_of):
    api = api_of("chuangkou")
    answer = api.get("/api/v1/matters/none", headers={"Accept-Language": "en"})
    assert answer.json()["title"] == "Not found"


def test_deadlines_are_read_and_paused(api_of):
    need = factories.OpenNeed()
    api = api_of("minzheng")
    (clock,) = api_of("chuangkou").get(f"/api/v1/clocks/referrals.Need/{need.pk}").json()
    assert (clock["basis"], clock["rule_key"]) == ("S14", "need.transfer")
    body = problem(
        api.post(f"/api/v1/clocks/{clock['id']}/pause", {"cause": "忙"}, format="json"), 400, "invalid"
    )
    assert {"cause", "reason"} <= set(body["errors"])
    given = {"cause": "papers_awaited", "reason": "等出生证明"}
    address = f"/api/v1/clocks/{clock['id']}/pause"
    own = api_of("chuangkou").post(address, given, format="json")
    assert own.status_code == 403  # the window is awaited itself
    paused = api.post(address, given, format="json")
    assert paused.json()["pause_cause"] == "papers_awaited"
    assert paused.json()["pause_reason"] == "等出生证明"
    assert api.post(f"/api/v1/clocks/{clock['id']}/resume", {}, format="json").status_code == 200
    other = api_of("chuangkou2").post(address, given, format="json")
    assert other.status_code == 404
    assert Clock.objects.get(pk=clock["id"]).paused_at is None


def test_rules_are_read_proposed_and_approved(api_of):
    first, second = api_of("minzheng"), api_of("minzheng2")
    rules = {row["key"]: row for row in first.get("/api/v1/rules/in-force").json()}
    assert rules["deadline.need.transfer"]["basis"] == "S14"
    given = {"rule": "contract.longest", "value": {"years": 2}, "note": "试行"}
    made = first.post("/api/v1/rules/propose", given, format="json").json()
    problem(first.post(f"/api/v1/rules/{made['id']}/approve", {}, format="json"), 403, "not-yours")
    done = second.post(f"/api/v1/rules/{made['id']}/approve", {}, format="json")
    assert done.json()["status"] == "in_force"


def test_households_are_masked_and_revealed_for_a_reason(api_of):
    matter = factories.AcceptedMatter()
    api = api_of("chuangkou")
    body = api.get(f"/api/v1/households/{matter.household.number}").json()
    assert body["phone"] == "138****0000"
    assert body["members"][0]["name"] == "王**"
    person = body["members"][0]["person_id"]
    problem(api.post(f"/api/v1/reveal/households.Person/{person}/name", {}, format="json"), 400, "invalid")
    told = api.post(f"/api/v1/reveal/households.Person/{person}/name", {"reason": "电话核对"}, format="json")
    assert told.json() == {"value": "王小明"}
    revealed = Entry.objects.filter(lifecycle="households.Person", move="reveal", object_id=person)
    assert revealed.count() == 1
    for label in ("households.Household", "organizations.User", "nothing.Here", "auth.Permission"):
        answer = api.post(f"/api/v1/reveal/{label}/999999/name", {"reason": "电话核对"}, format="json")
        assert answer.status_code == 404


def test_a_document_is_asked_for_and_opened(api_of):
    from foundation.documents import making
    from foundation.documents.models import Document

    matter = factories.AcceptedMatter()
    api = api_of("chuangkou")
    path = f"/api/v1/documents/acceptance-slip/referrals.Matter/{matter.pk}"
    made = api.post(path, {}, format="json")
    assert made.status_code == 202
    code = made.json()["code"]
    assert api.get(f"/api/v1/documents/{code}/file.pdf").status_code == 404
    making.render(Document.objects.get(code=code))
    assert api.get(f"/api/v1/documents/{code}").json()["status"] == "ready"
    assert api.get(f"/api/v1/documents/{code}/file.pdf").content.startswith(b"%PDF")
    assert api_of("chuangkou2").get(f"/api/v1/documents/{code}").status_code == 404


def test_the_ranking_is_explained_in_words(api_of):
    provider = factories.AccreditedProvider()
    factories.AcceptedOffer(provider=provider)
    factories.ContractInForce(provider=provider)
    factories.AcceptedOffer()  # without a contract
    need = factories.OpenNeed(kind="care")
    body = api_of("chuangkou").get(f"/api/v1/needs/{need.pk}/candidates").json()
    first = body["candidates"][0]
    assert {part["name"] for part in first["parts"]} == {"距离", "答复速度", "评估", "空位", "均衡"}
    assert all(each["why_not"] for each in body["excluded"])


def test_a_provider_does_not_read_how_others_scored(api_of, provider_of):
    provider = provider_of("jigou")
    factories.ContractInForce(provider=provider)
    referral = factories.OfferedReferral(offer=factories.AcceptedOffer(provider=provider))
    body = api_of("jigou").get(f"/api/v1/referrals/{referral.number}").content.decode()
    assert "choice" not in json.loads(body)


def test_candidates_come_page_by_page_with_how_many_there_are(api_of, monkeypatch):
    for _provider in range(3):
        provider = factories.AccreditedProvider()
        factories.AcceptedOffer(provider=provider)
        factories.ContractInForce(provider=provider)
    need = factories.OpenNeed(kind="care")
    monkeypatch.setattr("referrals.matching.api.MOST", 2)
    api, found, address = api_of("chuangkou"), [], f"/api/v1/needs/{need.pk}/candidates"
    while address:
        body = api.get(address).json()
        assert len(body["candidates"]) <= 2
        assert len(body["excluded"]) <= 2
        found += [candidate["offer_id"] for candidate in body["candidates"]]
        address = body["next"]
    assert len(found) == len(set(found)) == body["candidates_total"] >= 3
    assert api.get(f"/api/v1/needs/{need.pk}/candidates?nameless=1").status_code == 400


def test_missing_help_comes_page_by_page(api_of):
    households = [
        factories.AcceptedMatter(kind="living", category="extremely_poor").household for _each in range(3)
    ]
    need = factories.OpenNeed()
    missing.look_again()
    api, found, address = api_of("chuangkou"), [], "/api/v1/missing-help?page_size=1"
    while address:
        body = api.get(address).json()
        assert len(body["results"]) <= 1
        found += [gap["household"] for gap in body["results"]]
        address = body["next"]
    assert set(found) >= {household.number for household in households}
    with moments.as_of(moments.now() + timedelta(days=8)):
        api = api_of("chuangkou")
        waiting = api.get("/api/v1/missing-help/waiting?page_size=200").json()["results"]
        assert need.pk in [gap["need"] for gap in waiting]
        assert api.get("/api/v1/missing-help/waiting?cursor=cD0x").status_code == 400
