"""What a program sends is of the type that it should be, or nothing is done."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from demo.starter.provider_documents import PAGE
from foundation.journal.models import Entry
from households.consents.models import Consent
from households.register.models import Household
from organizations.people.models import User
from organizations.places.models import Place
from referrals.matters.models import Matter
from tests import factories


@pytest.fixture
def session_of():
    """A program's session of a demo person, without hashing a password each time."""

    def sign_in(username: str) -> APIClient:
        client = APIClient()
        client.force_login(User.objects.get(username=username))
        return client

    return sign_in


@pytest.fixture
def application():
    return {
        "id_number": factories.new_id_number(),
        "name": "王小明",
        "category": "none",
        "size": 2,
        "place": Place.objects.get(name="虹桥社区").pk,
        "needs": ["care"],
        "story": "屋里没有取暖",
    }


@pytest.fixture
def order():
    return {
        "order": "HF-2026-1",
        "place": Place.objects.get(name="虹桥社区").code,
        "name": "王小明",
        "phone": "13800000000",
        "story": "屋里没有取暖",
    }


def counts() -> tuple[int, ...]:
    """How much there is; that a number was looked up stands in the journal whatever follows."""
    written = Entry.objects.exclude(move="look_up").count()
    return written, *(each.objects.count() for each in (Household, Matter, Consent))


def refused(api, path: str, body, *fields: str, status: int = 400):
    before = counts()
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = api.post(f"/api/v1/{path}", text, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()[:300]
    assert answer["Content-Type"] == "application/problem+json"
    assert set(fields) <= set(answer.json().get("errors", {})), answer.json()
    assert counts() == before
    return answer.json()


NO_BOOLEANS = ["no", "off", "否", "n", "null", "0", "False ", "True", "yes", "on", 0, 1, "", [], {}, 1.5]


@pytest.mark.parametrize("word", NO_BOOLEANS)
def test_only_true_and_false_are_consent(session_of, application, word):
    api = session_of("chuangkou")
    body = refused(api, "matters/accept_application", {**application, "consent": word}, "consent")
    assert "true" in str(body["errors"]["consent"])


@pytest.mark.parametrize("word", NO_BOOLEANS)
@pytest.mark.parametrize("field", ["harm", "urgent"])
def test_no_word_raises_a_mandatory_report(session_of, order, field, word):
    refused(session_of("rexian"), "matters/report_by_hotline", {**order, field: word}, field)


@pytest.mark.parametrize(
    "word,holds", [(True, True), ("true", True), (False, False), ("false", False), (None, False)]
)
def test_what_says_yes_or_no_is_taken_so(session_of, application, word, holds):
    api = session_of("chuangkou")
    answer = api.post("/api/v1/matters/accept_application", {**application, "consent": word}, format="json")
    assert answer.status_code == 201, answer.content.decode()
    household = Matter.objects.get(number=answer.json()["number"]).household
    assert household.consents.exists() == holds


@pytest.mark.parametrize("wrong", [{"a": 1}, ["甲", "乙"], True, 5, 1.5, [], {}])
@pytest.mark.parametrize("field", ["story", "name", "phone", "address", "id_number"])
def test_text_is_text(session_of, order, field, wrong):
    refused(session_of("rexian"), "matters/report_by_hotline", {**order, field: wrong}, field)


@pytest.mark.parametrize(
    "field,wrong",
    [
        ("size", True),
        ("size", [2]),
        ("size", {"n": 2}),
        ("size", "two"),
        ("size", 2.5),
        ("size", 10**40),
        ("size", "1_0"),
        ("size", "\u0662"),
        ("monthly_income", True),
        ("monthly_income", [900]),
        ("monthly_income", "1E+3"),
        ("monthly_income", "12,50"),
        ("needs", "care"),
        ("needs", [["care"]]),
        ("needs", {"care": True}),
        ("needs", [None]),
        ("place", True),
        ("place", [1]),
        ("place", {}),
        ("place", 1.5),
        ("category", ["none"]),
        ("category", True),
    ],
)
def test_numbers_choices_and_lists_are_what_they_are(session_of, application, field, wrong):
    refused(session_of("chuangkou"), "matters/accept_application", {**application, field: wrong}, field)


@pytest.mark.parametrize("income", [900.5, "900.50", "900.5", "\uff19\uff10\uff10.5"])
def test_an_amount_may_be_a_number_or_text(session_of, application, income):
    answer = session_of("chuangkou").post(
        "/api/v1/matters/accept_application", {**application, "monthly_income": income}, format="json"
    )
    assert answer.status_code == 201, answer.content.decode()
    household = Matter.objects.get(number=answer.json()["number"]).household
    assert str(household.monthly_income) == "900.50"


def test_days_are_text(session_of):
    api = session_of("minzheng")
    for wrong in (20260305, True, ["2026-03-05"], {"day": 5}):
        refused(api, "contracts/draft", {"start_on": wrong}, "start_on")


def test_a_list_of_titles_is_no_title(session_of):
    refused(session_of("minzheng"), "editions/draft", {"title": [None, None]}, "title")


ODD = ["\ud83d", "a\ud800bcdef", "\udc00", "\u0000", "ab\u0000cd"]


@pytest.mark.parametrize("odd", ODD)
def test_what_cannot_be_kept_is_told_at_its_field_wherever_it_stands(session_of, order, odd):
    api = session_of("rexian")
    for field in ("name", "story", "order", "phone", "place", "urgent"):
        body = refused(api, "matters/report_by_hotline", {**order, field: odd}, field)
        assert "不能保存的字符" in str(body["errors"][field])
    refused(api, "matters/report_by_hotline", {**order, odd: "x"})
    refused(api, "matters/report_by_hotline", {**order, "story": [{"a": [odd]}]}, "story")
    refused(api, "matters/report_by_hotline", {**order, "story": {odd: 1}}, "story")
    refused(api, "matters/report_by_hotline", [odd])
    refused(api, "sign-in", {"username": odd, "password": "x"})
    refused(api, "sign-in", {"username": "x", "password": odd})


@pytest.mark.parametrize("odd", [*ODD, 5, ["abcdefgh"], {"a": 1}, True])
def test_a_reason_to_reveal_is_text_that_can_be_kept(session_of, odd):
    person = factories.AcceptedMatter().household.head.person
    refused(session_of("chuangkou"), f"reveal/households.Person/{person.pk}/name", {"reason": odd}, "reason")


def test_a_reason_to_reveal_is_needed_and_nothing_else_is_known(session_of):
    person = factories.AcceptedMatter().household.head.person
    api, path = session_of("chuangkou"), f"reveal/households.Person/{person.pk}/name"
    refused(api, path, {}, "reason")
    refused(api, path, {"reason": "核对身份证", "why": "x"}, "why")
    assert api.post(f"/api/v1/{path}", {"reason": "核对身份证"}, format="json").status_code == 200


@pytest.mark.parametrize("odd", [*ODD, 5, ["核对身份证件"], {"a": 1}, True])
def test_a_reason_to_make_a_document_is_text_that_can_be_kept(session_of, odd):
    matter = factories.AcceptedMatter()
    path = f"documents/acceptance-slip/referrals.Matter/{matter.pk}"
    refused(session_of("chuangkou"), path, {"reason": odd}, "reason")


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 5_000,
        b'{"a":' * 30 + b"1" + b"}" * 30,
        b"9" * 5_000,
        b'{"username": NaN}',
        b'{"username": Infinity, "password": "x"}',
        b"\xff\xfe{}",
        b"{",
        b"",
        b"nul",
        b'"',
        b'{"username": "a", "password": 1e999}',
        b"[1, 2]",
        b"null",
        b"3",
    ],
)
def test_what_is_no_object_in_json_is_a_problem_with_and_without_sign_in(session_of, text):
    for api, path in (
        (APIClient(), "sign-in"),
        (session_of("rexian"), "sign-in"),
        (session_of("rexian"), "matters/report_by_hotline"),
    ):
        said = refused(api, path, text)
        assert "JSON parse error" not in str(said)
        assert said.get("detail") or said.get("errors")


def test_a_form_sent_to_the_api_ticks_no_box_by_another_word(session_of):
    """Acts that take files are sent as forms, where everything is text."""
    api = session_of("minzheng")
    before = Entry.objects.count()
    answer = api.post("/api/v1/imports/upload", {"replace": "否定", "edition": "1"}, format="multipart")
    assert answer.status_code == 400
    assert "replace" in answer.json()["errors"]
    assert Entry.objects.count() == before


@pytest.mark.parametrize("key", ["k" * 81, "a\x00b", "a\x07b", "9" * 5_000])
def test_a_key_that_cannot_be_kept_whole_is_refused(session_of, application, key):
    api, before = session_of("chuangkou"), counts()
    answer = api.post(
        "/api/v1/matters/accept_application", application, format="json", headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 400
    assert counts() == before


@pytest.mark.parametrize("chosen", ["9" * 5_000, "\u00b2", "abc", "-1", "1 or 1", str(10**30)])
def test_a_role_that_is_no_number_is_refused(api_of, chosen):
    answer = api_of("chuangkou").get("/api/v1/me", headers={"X-Membership": chosen})
    assert answer.status_code == 400


def test_tokens_are_given_for_a_name_typed_wide():
    given = {"username": "\uff43huang\u200bkou", "password": "liandong-2026"}
    assert APIClient().post("/api/v1/sign-in", given, format="json").status_code == 200


@pytest.mark.parametrize("odd", [5, 20261128.5, True, None, ["x"], {"x": 1}])
def test_signing_in_takes_text_and_no_number_that_reads_like_it(odd):
    api, user = APIClient(), User.objects.create(username="20261128", full_name="数字")
    user.set_password("20261128")
    user.save()
    good = {"username": "20261128", "password": "20261128"}
    for name in good:
        for value in (odd, 20261128):
            refused(api, "sign-in", {**good, name: value}, name)
    assert api.post("/api/v1/sign-in", good, format="json").status_code == 200


@pytest.mark.parametrize(
    "path,field",
    [
        ("papers", "valid_until"),
        ("papers", "kind"),
        ("offers/apply", "price"),
        ("offers/apply", "opens_at"),
        ("offers/apply", "places"),
        ("imports/upload", "edition"),
        ("imports/upload", "replace"),
    ],
)
def test_a_file_is_no_text(session_of, path, field):
    file = SimpleUploadedFile("2026-12-31", PAGE, "application/pdf")
    before = counts()
    api = session_of("minzheng" if path.startswith("imports") else "jigou")
    answer = api.post(f"/api/v1/{path}", {field: file}, format="multipart")
    assert answer.status_code == 400, answer.content.decode()[:300]
    assert answer.json()["errors"][field] == ["应是文字（字符串）。"]
    assert counts() == before


def test_a_file_that_is_too_large_is_told_at_its_field_by_the_api_too(session_of):
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4 " + b"x" * (11 * 1024 * 1024), "application/pdf")
    answer = session_of("jigou").post("/api/v1/papers", {"kind": "tax", "file": file}, format="multipart")
    assert answer.status_code == 400
    assert "10 MB" in answer.json()["errors"]["file"][0]


@pytest.mark.parametrize(
    "body",
    [
        b'{"username": "x", "username": "y", "password": "z"}',
        b'{"username": "x", "password": {"a": 1, "a": 2}}',
        b'[{"a": 1}, {"b": 1, "b": 1}]',
    ],
)
def test_a_name_that_comes_twice_is_no_json(session_of, body):
    for path in ("sign-in", "duties/assign"):
        refused(session_of("minzheng"), path, body)
