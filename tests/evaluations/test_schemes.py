"""Schemes: drafted, changed piece by piece, adopted by another, frozen."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from evaluations.schemes import drafting
from evaluations.schemes.models import Scheme
from foundation.refusals import Invalid, NotNow, NotYours
from tests import factories
from tests.evaluations.leaving import third_officer


def in_use() -> Scheme:
    return factories.scheme_in_use()


@pytest.fixture(autouse=True)
def to_copy(db):
    """A draft begins as a copy of the scheme in use."""
    return in_use()


@pytest.fixture
def draft(who):
    return drafting.draft(by=who("minzheng"), name="试行方案")


def test_a_draft_begins_as_a_copy_of_the_scheme_in_use(draft):
    model = in_use()
    assert draft.status == "draft"
    assert (draft.indicators, draft.vetoes, draft.grades) == (model.indicators, model.vetoes, model.grades)


def test_the_starter_scheme_has_the_weights_of_the_domain():
    scheme = in_use()
    groups = {indicator["title"]: indicator["weight"] for indicator in scheme.indicators}
    assert groups == {
        "响应可及": 15,
        "服务过程": 25,
        "服务成效": 27,
        "专业质量": 18,
        "资金使用": 8,
        "守法安全": 7,
    }
    assert scheme.weight == 100
    assert drafting.fault_of(scheme.indicators) == ""


def test_an_indicator_is_changed_in_its_place_and_the_weights_have_to_sum_up_again(draft, who):
    officer, other = who("minzheng"), who("minzheng2")
    draft = drafting.set_indicator(
        draft,
        by=officer,
        code="goals",
        group="服务成效",
        title="目标达成",
        weight=20,
        source="automatic",
        figure="goals",
    )
    assert draft.weight == 105
    assert [leaf["key"] for leaf in draft.leaves if leaf["group"] == "服务成效"] == ["goals", "satisfaction"]
    with pytest.raises(Invalid, match="现在是 105"):
        drafting.adopt(draft, by=other)
    draft = drafting.drop_indicator(draft, by=officer, code="continuity")
    assert drafting.adopt(draft, by=other).status == "in_use"


def test_a_new_indicator_makes_its_group_and_an_empty_group_goes(draft, who):
    officer = who("minzheng")
    draft = drafting.set_indicator(
        draft,
        by=officer,
        code="volunteers",
        group="社会参与",
        title="志愿者参与",
        weight=5,
        source="scored",
        by_whom="provider",
        rubric={"5": "每月有活动", "1": "没有"},
        evidence="活动记录",
    )
    leaf = draft.leaf("volunteers")
    assert leaf["group"] == "社会参与"
    assert leaf["rubric"] == {"5": "每月有活动", "1": "没有"}
    draft = drafting.drop_indicator(draft, by=officer, code="volunteers")
    assert "社会参与" not in {indicator["title"] for indicator in draft.indicators}
    with pytest.raises(Invalid):
        drafting.drop_indicator(draft, by=officer, code="volunteers")


def test_adopting_takes_another_person_and_supersedes_the_one_in_use(draft, who):
    before = in_use()
    with pytest.raises(NotYours, match="另一人"):
        drafting.adopt(draft, by=who("minzheng"))
    drafting.adopt(draft, by=who("minzheng2"))
    before.refresh_from_db()
    assert before.status == "superseded"
    assert in_use().name == "试行方案"


def test_who_changed_a_draft_cannot_adopt_it_either(draft, who):
    third_officer()
    draft = drafting.set_grades(draft, by=who("minzheng2"), excellent=88, good=78, passing=60)
    with pytest.raises(NotYours, match="另一人"):
        drafting.adopt(draft, by=who("minzheng2"))


@pytest.mark.parametrize("field", ["indicators", "grades", "vetoes", "consequences", "survey"])
def test_a_scheme_in_use_is_frozen_in_the_database_too(field):
    with pytest.raises(DatabaseError), transaction.atomic():
        Scheme.objects.filter(pk=in_use().pk).update(**{field: []})
    with pytest.raises(DatabaseError), transaction.atomic():
        in_use().delete()


def test_a_scheme_in_use_has_no_verb_that_changes_it(who):
    with pytest.raises(NotNow):
        drafting.set_vetoes(in_use(), by=who("minzheng"), titles=["x"])


LEAF = {"key": "a", "title": "x", "weight": 100, "source": "scored"}


@pytest.mark.parametrize(
    "indicators,words",
    [
        ([], "请列出"),
        ([LEAF | {"weight": 99}], "现在是 99"),
        ([LEAF | {"weight": 50}] * 2, "不能重复"),
        ([LEAF | {"source": "guess"}], "来源"),
        ([LEAF | {"weight": -100}], "正数"),
        ([LEAF | {"weight": True}], "正数"),
        ([LEAF | {"weight": "100"}], "正数"),
        ([LEAF | {"source": "automatic", "figure": "no"}], "没有这个自动指标"),
        ([LEAF | {"key": "a@b"}], "@"),
        ([LEAF | {"source": "automatic", "figure": "answered", "zero": "1", "full": "1"}], "不能相同"),
        ([LEAF | {"source": "automatic", "figure": "hours", "zero": "4", "full": "48"}], "方向反了"),
        ([LEAF | {"source": "automatic", "figure": "hours", "zero": "x", "full": "4"}], "数字"),
        ([{"title": "g", "weight": 90, "children": [LEAF]}], "之和"),
        ([{"title": "g", "children": []}], "重复"),
        ([{"title": "g", "children": "x"}], "要有 key"),
        ([{"key": "a"}], "要有 key"),
        ("x", "请列出"),
        ([1], "要有 key"),
    ],
)
def test_a_scheme_that_does_not_add_up_is_refused(who, indicators, words):
    with pytest.raises(Invalid, match=words) as refusal:
        drafting.draft(by=who("minzheng"), name="x", indicators=indicators)
    assert "indicators" in refusal.value.fields


def test_thresholds_have_to_fall(draft, who):
    with pytest.raises(Invalid) as refusal:
        drafting.set_grades(draft, by=who("minzheng"), excellent=70, good=80, passing=60)
    assert "good" in refusal.value.fields


def test_a_veto_that_stays_keeps_its_key(draft, who):
    titles = [draft.vetoes[1]["title"], "拒绝监督检查"]
    draft = drafting.set_vetoes(draft, by=who("minzheng"), titles=titles)
    assert draft.vetoes[0] == {"key": "embezzlement", "title": "侵占、挪用救助资金"}
    assert draft.vetoes[1]["title"] == "拒绝监督检查"


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(draft, client_of):
    client = client_of("minzheng")
    address = f"{draft.get_absolute_url()}set-indicator/"
    page = client.get(f"{address}?code=goals").content.decode()
    assert 'value="目标达成"' in page
    answer = client.post(
        address,
        {"code": "new", "group": "新的一组", "title": "一项", "weight": "二十", "source": "automatic"},
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请填数字" in text
    assert "请选择用哪个自动指标" in text
    assert 'value="新的一组"' in text


def test_a_draft_is_secret_and_a_scheme_in_use_is_not(draft, client_of):
    assert client_of("jigou").get(draft.get_absolute_url()).status_code == 404
    assert client_of("jigou").get(in_use().get_absolute_url()).status_code == 200


def test_a_scheme_is_drafted_and_changed_by_the_api_too(api_of):
    api = api_of("minzheng")
    made = api.post("/api/v1/schemes/draft", {"name": "接口方案"}, format="json")
    assert made.status_code == 201, made.content
    address = f"/api/v1/schemes/{made.json()['id']}"
    wrong = api.post(f"{address}/load", {"indicators": [LEAF | {"key": ""}]}, format="json")
    assert wrong.status_code == 400
    assert "indicators" in wrong.json()["errors"]
    assert api.post(f"{address}/load", {"indicators": [LEAF]}, format="json").status_code == 200
    assert api_of("minzheng2").post(f"{address}/adopt", {}, format="json").status_code == 200
