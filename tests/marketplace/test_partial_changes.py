"""A program that changes one thing changes one thing: what it leaves out stays as it is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from catalog.editions.models import Edition
from evaluations.schemes.models import Scheme
from foundation.forms.actions import ActionForm, form_of
from foundation.lifecycle.table import LIFECYCLES, Transition
from foundation.roles import Role
from organizations.people.models import User
from tests import factories
from tests.procurement import purchases


def post(api, path: str, body: dict):
    answer = api.post(f"/api/v1/{path}", body, format="json")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def by(actor):
    api = APIClient()
    api.force_login(User.objects.get(pk=actor.user_id))
    return api


@pytest.fixture
def session_of(who):
    """A program's session of a demo person, without hashing a password each time."""
    return lambda username: by(who(username))


@pytest.fixture
def household():
    found = factories.AcceptedMatter().household
    found.monthly_income, found.registration = Decimal("900.50"), "registered"
    found.phone, found.language, found.size = "13800000000", "dialect", 3
    found.save()
    return found


def kept(household) -> tuple:
    household.refresh_from_db()
    return (
        household.monthly_income,
        household.registration,
        household.phone.plain(),
        household.language,
        household.category,
        household.size,
    )


def test_a_household_keeps_what_an_update_does_not_name(session_of, household):
    api, path, before = (session_of("chuangkou"), f"households/{household.number}/update", kept(household))
    post(api, path, {"category": household.category, "size": 3, "language": "dialect"})
    assert kept(household) == before
    post(api, path, {"phone": "(0510)8686-0000"})
    assert kept(household) == (*before[:2], "051086860000", *before[3:])
    post(api, path, {"size": 4})
    assert kept(household) == (*before[:2], "051086860000", *before[3:5], 4)
    post(api, path, {})
    assert kept(household)[0] == Decimal("900.50")


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_may_be_empty_is_taken_away_by_saying_so(session_of, household, nothing):
    path, before = f"households/{household.number}/update", kept(household)
    post(session_of("chuangkou"), path, {"monthly_income": nothing, "registration": nothing})
    assert kept(household) == (None, "", *before[2:])


def test_what_may_not_be_empty_is_not_taken_away(session_of, household):
    answer = session_of("chuangkou").post(
        f"/api/v1/households/{household.number}/update", {"size": None}, format="json"
    )
    assert answer.status_code == 400
    assert "size" in answer.json()["errors"]


def test_a_contract_keeps_the_terms_that_are_not_named(session_of):
    contract = factories.DraftContract()
    api, path = session_of("minzheng"), f"contracts/{contract.number}/set_terms"
    whole = {
        "billing": "monthly",
        "hold_back_percent": 5,
        "penalties": "未按时上门，1,200元\n缺勤超过3 | 50",
        "standards_note": "附加标准",
    }
    post(api, path, whole)
    contract.refresh_from_db()
    terms = (contract.hold_back_percent, contract.penalties, contract.standards_note)
    assert terms[1] == [{"title": "未按时上门", "amount": "1200"}, {"title": "缺勤超过3", "amount": "50"}]
    post(api, path, {"billing": "quarterly"})
    contract.refresh_from_db()
    assert contract.billing == "quarterly"
    assert (contract.hold_back_percent, contract.penalties, contract.standards_note) == terms
    post(api, path, {"penalties": ""})
    contract.refresh_from_db()
    assert contract.penalties == []
    assert contract.standards_note == "附加标准"


def test_a_draft_of_the_catalog_keeps_its_header(session_of):
    api = session_of("minzheng")
    made = api.post("/api/v1/editions/draft", {"title": "试行目录", "note": "说明"}, format="json").json()
    post(api, f"editions/{made['id']}/describe", {"keywords": "救助", "valid_until": "2030-12-31"})
    post(api, f"editions/{made['id']}/describe", {"title": "试行目录二"})
    edition = Edition.objects.get(pk=made["id"])
    assert (edition.title, edition.note, edition.keywords) == ("试行目录二", "说明", "救助")
    assert str(edition.valid_until) == "2030-12-31"
    post(api, f"editions/{made['id']}/describe", {"valid_until": None, "note": ""})
    edition.refresh_from_db()
    assert (edition.valid_until, edition.note, edition.keywords) == (None, "", "救助")


def test_a_heading_keeps_its_english_name(session_of):
    api = session_of("minzheng")
    made = api.post("/api/v1/editions/draft", {"title": "试行目录"}, format="json").json()
    path = f"/api/v1/editions/{made['id']}/headings"
    api.post(path, {"code": "Z", "name": "其他", "name_en": "Other"}, format="json")
    again = api.post(path, {"code": "\uff5a", "name": "其他服务"}, format="json")
    assert again.json() | {"name": "其他服务", "name_en": "Other"} == again.json()


def test_a_scheme_keeps_what_is_not_named_of_a_part(session_of):
    api = session_of("minzheng")
    current = factories.scheme_in_use()
    made = api.post("/api/v1/schemes/draft", {"name": "新方案", "copy_of": current.pk}, format="json").json()
    scheme = Scheme.objects.get(pk=made["id"])
    path = f"schemes/{scheme.pk}"
    survey, grades, consequences = scheme.survey, scheme.grades, scheme.consequences
    leaf = next(each for each in scheme.leaves if each["source"] == "scored")
    group = next(
        node["title"]
        for node in scheme.indicators
        if any(each["key"] == leaf["key"] for each in node.get("children", ()))
    )
    post(api, f"{path}/set_survey", {"prior": 7})
    post(api, f"{path}/set_grades", {"excellent": 95})
    post(api, f"{path}/set_consequence", {"grade": "fail", "rectify_days": 45})
    post(api, f"{path}/set_indicator", {"code": leaf["key"], "group": group, "title": "换个名字"})
    scheme.refresh_from_db()
    assert scheme.survey == {**survey, "prior": 7}
    assert scheme.grades == {**grades, "excellent": 95}
    assert scheme.consequences == {
        **consequences,
        "fail": {"bonus": 0.0, **consequences["fail"], "rectify_days": 45},
    }
    assert scheme.leaf(leaf["key"]) == {**leaf, "title": "换个名字"}


def test_a_purchase_keeps_the_terms_that_are_not_named(session_of):
    project = purchases.planned()
    api, path = session_of("minzheng"), f"projects/{project.number}/set_terms"
    post(
        api,
        path,
        {
            "bids_until": "2027-06-01 09:30",
            "price_points": 30,
            "criteria": "方案，70，完整可行",
            "papers": [],
            "places": 1,
            "panel_size": 3,
            "justification": "只此一家",
        },
    )
    project.refresh_from_db()
    terms = (project.bids_until, project.criteria, project.justification, project.places)
    post(api, path, {"price_points": 40})
    project.refresh_from_db()
    assert project.price_points == 40
    assert (project.bids_until, project.criteria, project.justification, project.places) == terms


def test_a_plan_keeps_its_words_when_the_goals_change():
    referral = factories.ReferralInService()
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    words = referral.plan_text
    assert words
    post(by(worker), f"referrals/{referral.number}/change_plan", {"goals": ["每周下楼一次", "会用药盒"]})
    referral.refresh_from_db()
    assert referral.plan_text == words
    assert [goal.text for goal in referral.goals.all()] == ["每周下楼一次", "会用药盒"]


#: Fields that begin with a proposal: what is left out takes nothing away from the object.
USUAL = {
    ("referrals.Referral.plan", "goals"),
    ("contracts.Contract.sign_as_buyer", "sha256"),
    ("contracts.Contract.sign_as_provider", "sha256"),
    ("contracts.Amendment.sign", "sha256"),
    ("contracts.Amendment.agree", "sha256"),
}


def transitions():
    for lifecycle in LIFECYCLES.values():
        for row in lifecycle.transitions:
            form = form_of(lifecycle, row.name)
            if row.roles - {Role.SYSTEM} and form is not ActionForm and not form.changes:
                yield pytest.param(lifecycle, row, id=f"{lifecycle.label}.{row.name}")


@pytest.mark.parametrize("lifecycle,row", list(transitions()))
def test_a_form_that_shows_what_the_object_has_says_that_it_changes_it(lifecycle, row: Transition, who):
    """Else a program that leaves such a field out would erase it."""
    for obj in lifecycle.model._default_manager.order_by("-pk")[:8]:
        form = form_of(lifecycle, row.name)(actor=who("minzheng"), obj=obj, row=row)
        for name, field in form.fields.items():
            shown = form.initial.get(name)
            if not field.required and shown not in (None, "", [], False):
                assert (f"{lifecycle.label}.{row.name}", name) in USUAL, (name, shown)
