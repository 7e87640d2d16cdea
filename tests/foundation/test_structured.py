"""JSON that is typed or sent as a text: a value that can be kept, or a fault at its field."""

from __future__ import annotations

import json

import pytest

from demo.starter.places_and_people import actor
from evaluations.schemes import drafting
from evaluations.schemes.models import Scheme
from foundation.models import RuleVersion
from foundation.rules import reading
from tests import factories

UNREADABLE = [
    "9" * 5000,
    "-" + "9" * 5000,
    f"[{'9' * 5000}]",
    "[" * 100_000,
    '{"a":' * 50_000,
    "[" * 30 + "]" * 30,
    "NaN",
    "[Infinity]",
    '{"a": 1e999999}',
    '{"a": "\\u0000"}',
    '["\\ud800"]',
    '{"\\udfff": 1}',
    '"\\u0000"',
    "{",
    "'a'",
    "\u00b2",
]


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:12])
def test_what_cannot_be_read_or_kept_is_told_at_its_field(client_of, text):
    client = client_of("minzheng")
    factories.scheme_in_use()
    scheme = drafting.draft(by=actor("minzheng"), name="试行方案")
    before = Scheme.objects.count(), RuleVersion.objects.count()
    key = sorted(reading.defaults())[0]
    for path, fields in (
        (f"/api/v1/schemes/{scheme.pk}/load", {"indicators": text}),
        ("/api/v1/schemes/draft", {"name": "x", "indicators": text}),
        ("/api/v1/rules/propose", {"rule": key, "value": text, "note": "x"}),
    ):
        answer = client.post(path, json.dumps(fields), content_type="application/json")
        assert answer.status_code == 400, (path, answer.status_code)
        assert {"indicators", "value"} & set(answer.json()["errors"]), answer.json()
    page = client.post("/rules/new/propose/", {"rule": key, "value": text, "note": "x"})
    assert page.status_code == 422
    assert (Scheme.objects.count(), RuleVersion.objects.count()) == before


@pytest.mark.parametrize("number", ["1e999999", "-1e400", "[1, [2e308]]"])
def test_a_number_without_end_is_no_json(client_of, number):
    answer = client_of("minzheng").post(
        "/api/v1/rules/propose",
        f'{{"rule": "x", "value": {number}, "note": "x"}}',
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_problem_of_the_description_is_json_as_its_type_says(client):
    answer = client.get("/api/v1/schema?format=nonsense")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == 404
