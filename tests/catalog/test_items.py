"""Items and headings of a draft, on the page and in the API, by one form."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from catalog.editions import publishing
from catalog.editions.models import Edition
from catalog.items import editing
from catalog.items.item_form import ItemForm, World, as_given
from catalog.items.models import Item
from foundation.journal.models import Entry
from foundation.refusals import Invalid, NotNow, NotYours
from tests import factories
from tests.evaluations.leaving import third_officer

STANDARD = {
    "text": "两名人员同行",
    "text_en": "two workers",
    "measure": "同行人数",
    "comparison": "at_least",
    "target": "2",
    "unit": "人",
}
GIVEN = {
    "code": "B01.07",
    "name": "上门理发",
    "kind": "direct",
    "need_kind": "care",
    "description": "上门为行动不便者理发。",
    "target_groups": ["elderly", "disabled"],
    "audience_text": "出门不便的老人",
    "unit": "次",
    "price_low": "20",
    "price_high": "40",
    "standards": [STANDARD],
    "methods": ["framework"],
    "funding": "purchased",
    "body": "minzheng",
}


@pytest.fixture
def draft():
    return factories.DraftEdition()


def cleaned(**given) -> dict:
    form = ItemForm({**GIVEN, **given})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_an_item_is_added_changed_and_removed_with_one_entry_each(who, draft):
    officer = who("minzheng")
    item = editing.add(draft, by=officer, **cleaned())
    assert item.price_ceiling == Decimal("48.00")
    editing.change(item, by=officer, name="上门理发修面")
    editing.remove(Item.objects.get(pk=item.pk), by=officer)
    acts = Entry.objects.filter(lifecycle="catalog.Edition", object_id=draft.pk).order_by("id")
    assert [act.move for act in acts] == ["draft", "add_item", "change_item", "remove_item"]
    assert acts[2].before == {"name": "上门理发"}
    assert acts[2].object_name == "B01.07 上门理发修面"
    draft.refresh_from_db()
    assert draft.revision == 3


def test_only_civil_affairs_writes_and_only_in_a_draft(who, draft):
    item = draft.items.get(code="B01.01")
    for act in (
        lambda by: editing.add(draft, by=by, **cleaned()),
        lambda by: editing.change(item, by=by, name="x"),
        lambda by: editing.remove(item, by=by),
        lambda by: editing.name_heading(draft, by=by, code="B", name="x"),
    ):
        with pytest.raises(NotYours):
            act(who("caizheng"))
    publishing.open_consultation(draft, by=who("minzheng"))
    with pytest.raises(NotNow, match="起草阶段"):
        editing.change(item, by=who("minzheng"), name="x")


def test_a_code_is_used_once_and_stands_under_its_class(who, draft):
    for code, word in (("B01.01", "已经用过"), ("B09.01", "还没有小类 B09")):
        with pytest.raises(Invalid) as refusal:
            editing.add(draft, by=who("minzheng"), **cleaned(code=code))
        assert word in str(refusal.value.fields["code"])


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"code": "B1.1"}, "code", "B01.02"),
        ({"name": ""}, "name", "请填写"),
        ({"kind": "wrong"}, "kind", "不在列表中"),
        ({"target_groups": []}, "target_groups", "请选择"),
        ({"target_groups": ["大象"]}, "target_groups", "大象"),
        ({"price_low": "50"}, "price_low", "下限不能高于上限"),
        ({"price_ceiling": "30"}, "price_ceiling", "不能低于指导价上限"),
        ({"price_high": "abc"}, "price_high", "请填写金额"),
        ({"price_high": "999999999"}, "price_high", "不能大于"),
        ({"age_from": "70", "age_to": "60"}, "age_to", "不能早于"),
        ({"age_from": "-1"}, "age_from", "不能小于"),
        ({"valid_from": "2027-02-01", "valid_until": "2027-01-01"}, "valid_until", "不能早于"),
        ({"standards": []}, "standards", "至少写一条"),
        ({"standards": [{**STANDARD, "measure": ""}]}, "standards", "可以衡量"),
        ({"standards": [{**STANDARD, "target": "两"}]}, "standards", "目标值应是一个数"),
        ({"standards": [{**STANDARD, "target": "NaN"}]}, "standards", "目标值应是一个数"),
        ({"standards": [{**STANDARD, "comparison": "like"}]}, "standards", "可以衡量"),
        ({"standards": [{**STANDARD, "text": "a|b"}]}, "standards", "不能有"),
        ({"standards": [{**STANDARD, "text": "a\0b"}]}, "standards", "不能保存"),
        ({"standards": [{**STANDARD, "text": {"zh": "a"}}]}, "standards", "应是文字"),
        ({"standards": [{**STANDARD, "extra": "x"}]}, "standards", "extra"),
        ({"standards": [STANDARD] * 9}, "standards", "最多 8 条"),
        ({"standards": "not a line"}, "standards", "应写成"),
        ({"standards": {"text": "x"}}, "standards", "列表"),
        ({"methods": []}, "methods", "至少选一种"),
        ({"funding": "charity_project"}, "methods", "不要选采购方式"),
        ({"body": "nobody"}, "body", "不在列表中"),
        ({"places": ["elsewhere"]}, "places", "不在列表中"),
        ({"income_percent": "0"}, "income_percent", "不能小于"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(given, field, words):
    form = ItemForm({**GIVEN, **given})
    assert not form.is_valid()
    assert words in " ".join(form.errors.get(field, [])), form.errors


def test_words_and_values_mean_the_same():
    form = ItemForm(
        {
            **GIVEN,
            "kind": "服务性",
            "need_kind": "照料护理",
            "funding": "政府购买",
            "target_groups": "老年人、残疾人",
            "methods": "框架协议；Open tender",
            "body": "江阴市民政局",
            "places": "澄江街道，顾山镇",
            "disability": "持残疾人证",
            "standards": "两名人员同行 | 同行人数 | ≥ 2 人 | two workers",
        }
    )
    assert form.is_valid(), form.errors
    found = form.cleaned_data
    assert (found["kind"], found["funding"], found["disability"]) == ("direct", "purchased", "certified")
    assert found["target_groups"] == ["elderly", "disabled"]
    assert found["methods"] == ["open", "framework"]
    assert found["body"].code == "minzheng"
    assert found["standards"] == [STANDARD]
    assert len(found["places"]) == 2


def test_a_ceiling_made_by_the_rule_follows_the_price_and_another_stays(who, draft):
    world = World.now()
    item = draft.items.select_related("body").get(code="B01.01")
    form = ItemForm(as_given(item, world.percent) | {"price_high": "70"}, obj=item, world=world)
    assert form.is_valid()
    assert form.cleaned_data["price_ceiling"] == Decimal("84.00")
    item.price_ceiling = Decimal("100")
    form = ItemForm(as_given(item, world.percent) | {"price_high": "70"}, obj=item, world=world)
    assert form.is_valid()
    assert form.cleaned_data["price_ceiling"] == Decimal("100")


def test_headings_stand_in_order_and_go_only_when_empty(who, draft):
    officer = who("minzheng")
    with pytest.raises(Invalid, match="还没有大类"):
        editing.name_heading(draft, by=officer, code="F01", name="新")
    with pytest.raises(Invalid, match="大类是一个字母"):
        editing.name_heading(draft, by=officer, code="F1", name="新")
    editing.name_heading(draft, by=officer, code="F", name="新类")
    heading = editing.name_heading(draft, by=officer, code="F01", name="新小类", name_en="New")
    with pytest.raises(Invalid, match="下面还有内容"):
        editing.remove_heading(draft.headings.get(code="F"), by=officer)
    editing.remove_heading(heading, by=officer)
    editing.remove_heading(draft.headings.get(code="F"), by=officer)
    assert not draft.headings.filter(code__startswith="F").exists()


# --- the page ------------------------------------------------------------------------------


def typed(**more) -> dict:
    rows = {f"standards-0-{part}": value for part, value in STANDARD.items()}
    return {**{k: v for k, v in GIVEN.items() if k != "standards"}, **rows, **more}


def test_the_page_takes_standards_row_by_row_and_loses_nothing_on_a_mistake(client_of, draft):
    client = client_of("minzheng")
    address = f"/editions/{draft.pk}/items/new/"
    before = draft.items.count()
    answer = client.post(address, typed(price_low="99"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "下限不能高于上限" in page
    assert 'value="两名人员同行"' in page
    assert 'value="同行人数"' in page
    assert "上门为行动不便者理发。" in page
    assert draft.items.count() == before
    answer = client.post(address, typed())
    assert answer.status_code == 302
    assert draft.items.get(code="B01.07").standards == [STANDARD]


def test_the_page_of_an_item_shows_and_changes_it(client_of, draft):
    client = client_of("minzheng")
    address = f"/editions/{draft.pk}/items/B01.01/"
    page = client.get(address).content.decode()
    assert 'value="居家照料"' in page
    assert "受训护理员上门" in page
    assert client.get(f"/editions/{draft.pk}/items/Z01.01/").status_code == 404
    answer = client.post(address, typed(code="C09.09", name="居家照护"))
    assert answer.status_code == 302
    item = draft.items.get(code="B01.01")  # a code does not change
    assert item.name == "居家照护"
    assert client.post(f"{address}remove/", {}).status_code == 302
    assert not draft.items.filter(code="B01.01").exists()


def test_a_published_item_has_no_open_form(client_of):
    law = Edition.objects.in_force().get()
    client = client_of("minzheng")
    page = client.get(f"/editions/{law.pk}/items/B01.01/").content.decode()
    assert "现在不能办理" in page
    answer = client.post(f"/editions/{law.pk}/items/B01.01/", typed())
    assert answer.status_code == 422
    assert "起草新版" in answer.content.decode()


# --- the API -------------------------------------------------------------------------------


def test_the_api_adds_changes_and_removes(api_of, draft):
    api = api_of("minzheng")
    address = f"/api/v1/editions/{draft.pk}/items"
    made = api.post(address, GIVEN, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["standards"] == [STANDARD]
    changed = api.patch(f"{address}/B01.07", {"price_high": "50"}, format="json")
    assert (changed.status_code, changed.json()["price_ceiling"]) == (200, "60.00")
    assert changed.json()["name"] == "上门理发"
    refused = api.patch(f"{address}/B01.07", {"price_high": "1", "colour": "red"}, format="json")
    assert refused.status_code == 400
    assert {"colour"} <= set(refused.json()["errors"])
    assert api.delete(f"{address}/B01.07").status_code == 204
    assert api.get(f"{address}/B01.07").status_code == 404


def test_the_api_names_headings(api_of, draft):
    api = api_of("minzheng")
    address = f"/api/v1/editions/{draft.pk}/headings"
    assert api.post(address, {"code": "F", "name": "新类"}, format="json").status_code == 201
    assert {"code": "F", "name": "新类", "name_en": ""} in api.get(address).json()
    assert api.delete(f"{address}/F").status_code == 204
    assert api.delete(f"{address}/B").status_code == 400


def test_the_api_filters_items_like_the_page(api_of):
    law = Edition.objects.in_force().get()
    address = f"/api/v1/editions/{law.pk}/items"
    api = api_of("chuangkou")

    def codes(**asked) -> list[str]:
        return [each["code"] for each in api.get(address, asked).json()]

    assert codes(q="居") and all(code.startswith(("A", "B", "C")) for code in codes(q="居"))
    assert codes(group="B02") == ["B02.01", "B02.02", "B02.03"]
    assert codes(body="canlian") == ["B02.02"]
    assert codes(price_to="10") == ["A01.03", "B01.04"]
    assert api.get(address, {"kind": "wrong"}).status_code == 400
    assert api.get(address, {"colour": "red"}).status_code == 400


def test_nobody_saves_over_what_another_has_just_changed(client_of, who, draft):
    client = client_of("minzheng")
    address = f"/editions/{draft.pk}/items/B01.01/"
    page = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)
    editing.change(draft.items.get(code="B01.01"), by=third_officer(), excludes="一切医疗")
    answer = client.post(address, typed(name="居家照护", seen=seen))
    assert answer.status_code == 422
    assert "刚被他人修改过" in answer.content.decode()
    assert 'value="居家照护"' in answer.content.decode()
    item = draft.items.get(code="B01.01")
    assert (item.name, item.excludes) == ("居家照料", "一切医疗")
    now_seen = re.search(r'name="seen" value="(\w+)"', answer.content.decode()).group(1)
    assert now_seen == editing.stamp(item) != seen
    assert client.post(address, typed(name="居家照护", seen=now_seen)).status_code == 302


def test_what_was_typed_and_not_sent_is_there_again(client_of, draft):
    client = client_of("minzheng")
    address = f"/editions/{draft.pk}/items/B01.01/"
    client.post(f"/drafts/?path={address}", typed(name="居家照护", seen="old", key="k"))
    assert 'value="居家照护"' not in client.get(address).content.decode()
    page = client.get(f"{address}?draft=k").content.decode()
    assert 'value="居家照护"' in page
    assert 'value="同行人数"' in page
    assert editing.stamp(draft.items.get(code="B01.01")) in page


def test_the_code_of_an_item_is_not_changed_by_the_api_and_it_says_so(client_of):
    draft = factories.DraftEdition()
    api, address = client_of("minzheng"), f"/api/v1/editions/{draft.pk}/items/B01.01"

    def patch(**body):
        return api.patch(address, body, content_type="application/json")

    for code in ("B01.99", None, ""):
        answer = patch(code=code, name="改名")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["code"])
    assert patch(code="B01.01", name="居家照料").status_code == 200
    assert draft.items.filter(code="B01.01", name="居家照料").exists()
