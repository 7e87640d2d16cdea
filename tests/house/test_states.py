"""What a state means stands in its table alone, and lower floors name nothing of upper ones."""

from __future__ import annotations

import pytest

from tests.house import speaking
from tests.house.packages import ROOT


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_no_state_is_said_outside_its_table():
    said = {
        name: found
        for name in speaking.sources()
        if not name.endswith("/states.py") and (found := speaking.bare_states(read(name)))
    }
    said |= {
        name: found
        for name in speaking.templates()
        if (found := speaking.bare_states_in_template(read(name)))
    }
    assert said == {}


@pytest.mark.parametrize(
    "text",
    (
        'done = project.status == "awarded"',
        'found = matters.filter(status="accepted")',
        'found = needs.filter(referrals__status__in=["offered", "declined"])',
        "RUNNING = (ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE)",
        'HELD = {"accepted", "in_service"}',
        "OPEN = AnyOf(NeedStatus.OPEN, NeedStatus.REFERRED)",
        "_SQL = \"SELECT id FROM referrals_referral WHERE status = 'in_service'\"",
        "_SQL = f\"UPDATE t SET n = 1 WHERE state IN ('accepted', {more})\"",
        'row = {"status": "accepted"}',
    ),
)
def test_a_state_that_is_said_elsewhere_is_found(text):
    assert speaking.bare_states(text)


@pytest.mark.parametrize(
    "text",
    (
        "found = matters.filter(status__in=MatterStatus.in_phase(SERVING))",
        "done = project.status == ProjectStatus.OPEN",
        "answer = render(status=422)",
        'tones = ("done", "soon", "late")',
    ),
)
def test_what_asks_the_table_is_not_found(text):
    assert speaking.bare_states(text) == []


def test_a_state_that_is_said_in_a_template_is_found():
    assert speaking.bare_states_in_template('{% if object.status == "known" %}')
    assert not speaking.bare_states_in_template("{% if object.known %}{{ object.status_label }}")


def test_lower_floors_name_nothing_of_upper_ones():
    named = {
        name: found
        for name in speaking.sources()
        if (found := speaking.upper_names(read(name), name.split("/")[0]))
    }
    assert named == {}


@pytest.mark.parametrize(
    "text",
    (
        'OWN = {("giving.Pool", "open"): "done"}',
        '_SQL = "SELECT count(*) FROM referrals_referral"',
        'TONES = ["fed_back"]',
    ),
)
def test_what_a_lower_floor_names_of_an_upper_one_is_found(text):
    assert speaking.upper_names(text, "foundation")
    assert not speaking.upper_names(text, "evaluations")
    assert not speaking.upper_names(f'"""{text!r}"""', "foundation")
