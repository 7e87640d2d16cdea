"""Every form and endpoint, given wrong things: a message at the field, nothing saved,
nothing lost.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from catalog.items.models import Item
from contracts.contracts.models import Contract
from foundation import moments
from foundation.forms.actions import ActionForm, form_of
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES, Transition
from foundation.roles import Role
from households.register.models import Household
from organizations.people.models import User
from organizations.places.models import Place
from organizations.providers.models import Provider
from referrals.offers.models import Referral
from tests import factories

pytestmark = pytest.mark.story

WRONG_ID = "320281194403080021"


def snapshot() -> dict[str, int]:
    """How many rows every table of ours has; drafts of forms apart, and questions by number,
    which are written down whatever came of them.
    """
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.split("_")[0] in (
                "foundation",
                "households",
                "referrals",
                "contracts",
                "catalog",
                "evaluations",
                "organizations",
            ):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM foundation_entry WHERE move <> 'look_up'")
        found["foundation_entry"] = cursor.fetchone()[0]
    del found["households_lookup"]
    return found


def block(page: str, name: str) -> str:
    """The text of one field's block on a page."""
    start = page.index(f'id="block-{name}"')
    end = page.find('id="block-', start + 10)
    return page[start : end if end > 0 else None]


def refused(client, path: str, given: dict, *fields: str) -> str:
    """Post a form that must be refused at ``fields``; returns the page."""
    before = snapshot()
    answer = client.post(path, given)
    assert answer.status_code == 422, answer.content.decode()[:500]
    page = answer.content.decode()
    for name in fields:
        assert 'class="fault"' in block(page, name), name
    assert "请先改正下面的问题" in page
    assert snapshot() == before
    return page


def by(actor):
    from django.test import Client

    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def intake():
    return {
        "id_number": factories.new_id_number(),
        "name": "王小明",
        "category": "none",
        "size": "2",
        "place": Place.objects.get(name="虹桥社区").pk,
        "needs": ["care"],
        "story": "屋里没有取暖",
        "phone": "13800000000",
        "address": "示例路 1 号",
        "monthly_income": "880",
    }


@pytest.mark.parametrize(
    "wrong,field,words",
    [
        ({"id_number": WRONG_ID}, "id_number", "校验不通过"),
        ({"id_number": "3202811944030800"}, "id_number", "16 位"),
        ({"id_number": ""}, "id_number", "请填写"),
        ({"monthly_income": "-5"}, "monthly_income", "不能小于"),
        ({"monthly_income": "99999999999"}, "monthly_income", "不"),
        ({"monthly_income": "很少"}, "monthly_income", "例如 1200"),
        ({"size": "0"}, "size", "不能小于"),
        ({"size": "31"}, "size", "不能大于"),
        ({"size": "两"}, "size", "整数"),
        ({"phone": "123"}, "phone", "11 位"),
        ({"category": "rich"}, "category", "rich"),
        ({"place": "999999"}, "place", "请重新选"),
        ({"needs": ["gold"]}, "needs", "gold"),
        ({"needs": []}, "needs", "至少勾选一项"),
        ({"name": "王" * 41}, "name", "40"),
    ],
)
def test_intake_tells_what_is_wrong_and_keeps_what_was_typed(client_of, intake, wrong, field, words):
    path = "/matters/new/accept_application/"
    page = refused(client_of("chuangkou"), path, {**intake, **wrong}, field)
    assert words in block(page, field)
    assert "屋里没有取暖" in page
    if field != "name":
        assert "王小明" in page
    assert not Household.objects.filter(matters__first_asked_name="王小明").exists()


def test_intake_tells_everything_that_is_wrong_at_once(client_of, intake):
    page = refused(
        client_of("chuangkou"),
        "/matters/new/accept_application/",
        {**intake, "id_number": WRONG_ID, "size": "0", "phone": "1"},
        "id_number",
        "size",
        "phone",
    )
    assert page.count('href="#block-') >= 3


def test_a_place_of_another_town_is_no_choice(client_of, intake):
    elsewhere = Place.objects.get(name="华士社区").pk
    refused(
        client_of("chuangkou"), "/matters/new/accept_application/", {**intake, "place": elsewhere}, "place"
    )


@pytest.mark.parametrize(
    "wrong,field",
    [
        ({"credit_code": "91110000600037341M"}, "credit_code"),
        ({"credit_code": "123"}, "credit_code"),
        ({"nature": "bank"}, "nature"),
        ({"social_grade": "6"}, "social_grade"),
        ({"serves": []}, "serves"),
        ({"name": ""}, "name"),
    ],
)
def test_registering_a_provider(client_of, wrong, field):
    town = factories.town().pk
    given = {
        "name": "新中心",
        "credit_code": factories.new_credit_code(),
        "nature": "charity",
        "place": town,
        "serves": [town],
    }
    page = refused(client_of("minzheng"), "/providers/new/register/", {**given, **wrong}, field)
    assert field == "name" or "新中心" in page


@pytest.mark.parametrize(
    "wrong,field",
    [
        ({"unit_price": "-1"}, "unit_price"),
        ({"unit_price": "99999"}, "unit_price"),
        ({"unit_price": "九元"}, "unit_price"),
        ({"quota": "0"}, "quota"),
        ({"quota": "1.5"}, "quota"),
        ({"quota": "10000000"}, "quota"),
        ({"end_on": "2020-01-01"}, "end_on"),
        ({"end_on": "2099-01-01"}, "end_on"),
        ({"start_on": "明天"}, "start_on"),
        ({"method": "lottery"}, "method"),
        ({"item": "0"}, "item"),
    ],
)
def test_drafting_a_contract(client_of, wrong, field):
    provider = factories.AccreditedProvider()
    given = {
        "title": "测试合同甲",
        "provider": provider.pk,
        "budget_line": factories.Budget().pk,
        "method": "commission",
        "start_on": f"{moments.today():%Y.%m.%d}",
        "end_on": f"{moments.today() + timedelta(days=200):%Y-%m-%d}",
        "item": Item.objects.in_force().get(code="C02.03").pk,
        "unit_price": "40",
        "quota": "10",
    }
    page = refused(client_of("minzheng"), "/contracts/new/draft/", {**given, **wrong}, field)
    assert "测试合同甲" in page
    assert not Contract.objects.filter(title="测试合同甲").exists()


def test_a_budget_that_does_not_suffice_is_told_above_the_form(client_of):
    provider = factories.AccreditedProvider()
    given = {
        "title": "测试合同乙",
        "provider": provider.pk,
        "budget_line": factories.Budget(amount=100).pk,
        "method": "commission",
        "start_on": f"{moments.today()}",
        "end_on": f"{moments.today() + timedelta(days=200)}",
        "item": Item.objects.in_force().get(code="C02.03").pk,
        "unit_price": "40",
        "quota": "10",
    }
    page = refused(client_of("minzheng"), "/contracts/new/draft/", given)
    assert "预算不足：需要 400.00 元" in page


@pytest.mark.parametrize(
    "wrong,field",
    [
        ({"on": "2020-01-01"}, "on"),
        ({"on": "2099年1月1日"}, "on"),
        ({"on": "周一"}, "on"),
        ({"units": "5"}, "units"),
        ({"units": "-1"}, "units"),
        ({"note": ""}, "note"),
    ],
)
def test_recording_a_visit_outside_the_dates_or_beyond_the_plan(wrong, field):
    referral = factories.ReferralInService()
    client = by(factories.member_of(referral.provider, Role.SOCIAL_WORKER))
    given = {"on": f"{moments.today()}", "units": "1", "note": "一切平稳"}
    page = refused(client, f"/referrals/{referral.number}/record-visit/", {**given, **wrong}, field)
    assert field == "note" or "一切平稳" in page


def test_a_move_that_is_not_allowed_now_says_why_and_what_is():
    referral = factories.AcceptedReferral()
    client = by(factories.member_of(referral.provider))
    path = f"/referrals/{referral.number}/accept/"
    page = client.get(path).content.decode()
    assert "现在不能办理这一步" in page
    assert "制定计划" in page
    before = snapshot()
    answer = client.post(path, {})
    assert answer.status_code == 422
    assert "当前状态是“已接受”" in answer.content.decode()
    assert snapshot() == before


def test_declining_needs_a_reason_of_the_list():
    referral = factories.OfferedReferral()
    client = by(factories.member_of(referral.provider))
    refused(client, f"/referrals/{referral.number}/decline/", {"reason": "没空"}, "reason")
    refused(client, f"/referrals/{referral.number}/decline/", {}, "reason")


def test_a_rule_of_another_shape(client_of):
    rule = "contract.longest"
    given = {"rule": rule, "shown-for": rule, "note": "试行", "value.years": "三四年"}
    page = refused(client_of("minzheng"), "/rules/new/propose/", given, "value.years")
    assert "三四年" in page
    for wrong in ("-1", "99", "2.5", ""):
        refused(client_of("minzheng"), "/rules/new/propose/", {**given, "value.years": wrong}, "value.years")


def test_revealing_without_a_reason_shows_the_form_again_and_no_value(client_of):
    matter = factories.AcceptedMatter()
    answer = client_of("chuangkou").post(
        f"/reveal/households.Household/{matter.household_id}/phone/", {"reason": "看"}
    )
    assert answer.status_code == 422
    assert "至少 4 个字" in answer.content.decode()
    assert "13800000000" not in answer.content.decode()


def test_a_file_where_none_belongs_is_refused(client_of, intake):
    upload = SimpleUploadedFile("a.exe", b"MZ\x90\x00")
    page = refused(
        client_of("chuangkou"),
        "/matters/new/accept_application/",
        {**intake, "id_number": upload},
        "id_number",
    )
    assert "屋里没有取暖" in page


def test_text_that_is_markup_is_shown_as_text(client_of, intake):
    evil = '<script>alert("1")</script>'
    answer = client_of("chuangkou").post("/matters/new/accept_application/", {**intake, "story": evil})
    page = client_of("chuangkou").get(answer["Location"]).content.decode()
    assert evil not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("typed", ["\x00", "a\x00b"])
def test_a_null_byte_is_refused_not_a_fault(client_of, intake, typed):
    refused(client_of("chuangkou"), "/matters/new/accept_application/", {**intake, "name": typed}, "name")


def rows_with_forms():
    for lifecycle in LIFECYCLES.values():
        for row in lifecycle.rows:
            if row.roles - {Role.SYSTEM} and form_of(lifecycle, row.name) is not ActionForm:
                yield pytest.param(lifecycle, row, id=f"{lifecycle.label}.{row.name}")


@pytest.mark.parametrize("lifecycle,row", list(rows_with_forms()))
def test_no_form_of_the_table_is_valid_when_it_is_empty_unless_nothing_is_required(lifecycle, row, who):
    obj = None
    if isinstance(row, Transition):
        obj = lifecycle.model._default_manager.first()
    form = form_of(lifecycle, row.name)({}, actor=who("minzheng"), obj=obj, row=row)
    required = [name for name, field in form.fields.items() if field.required]
    assert form.is_valid() == (not required)
    assert set(form.errors) == set(required)
    for field in form.fields.values():
        assert str(field.label)


#: Fields in which a draft may hold what is chosen no more.
CHOSEN = {("contracts.Invoice.check", "sample")}


@pytest.mark.parametrize("typed", ["", "7"])
@pytest.mark.parametrize("lifecycle,row", list(rows_with_forms()))
def test_a_form_shows_what_a_draft_holds_and_not_what_the_object_has(lifecycle, row, typed, who):
    objects = [None]
    if isinstance(row, Transition):
        objects = lifecycle.model._default_manager.order_by("-pk")[:3]
    form = form_of(lifecycle, row.name)
    kept = dict.fromkeys(form.base_fields, typed)
    for obj in objects:
        shown = form(initial=dict(kept), actor=who("minzheng"), obj=obj, row=row).initial
        replaced = {name for name in kept if shown[name] != typed}
        assert {(f"{lifecycle.label}.{row.name}", name) for name in replaced} <= CHOSEN


@pytest.mark.parametrize(
    "path,username,given,field",
    [
        ("providers/register", "minzheng", {"credit_code": "91110000600037341M"}, "credit_code"),
        ("contracts/draft", "minzheng", {"unit_price": "-1"}, "unit_price"),
        ("contracts/draft", "minzheng", {"unit_price": "1e30"}, "unit_price"),
        ("contracts/draft", "minzheng", {"start_on": "2026-02-30"}, "start_on"),
        ("contracts/draft", "minzheng", {"item": 0}, "item"),
        ("matters/accept_application", "chuangkou", {"id_number": WRONG_ID}, "id_number"),
        ("matters/accept_application", "chuangkou", {"monthly_income": -1}, "monthly_income"),
        ("matters/accept_application", "chuangkou", {"size": "many"}, "size"),
        ("matters/accept_application", "chuangkou", {"needs": "gold"}, "needs"),
        ("rules/propose", "minzheng", {"rule": "none", "value": 3}, "rule"),
        ("rounds/plan", "minzheng", {"period_from": "x", "providers": [0]}, "period_from"),
        ("offers/apply", "jigou", {"price": "0"}, "price"),
        ("offers/apply", "jigou", {"weekly": "-3"}, "weekly"),
        ("offers/apply", "jigou", {"opens_at": "25:00"}, "opens_at"),
        ("offers/apply", "jigou", {"weekdays": ["XX"]}, "weekdays"),
        ("editions/correct", "minzheng", {"edition": 0, "correction_reason": "x"}, "edition"),
        ("editions/correct", "minzheng", {"correction_reason": ""}, "correction_reason"),
        ("comments/give", "bumen", {"edition": 0, "text": "x"}, "edition"),
        ("imports/upload", "minzheng", {"edition": 0}, "file"),
    ],
)
def test_the_api_answers_the_same_as_a_problem_at_the_field(api_of, path, username, given, field):
    api, before = api_of(username), snapshot()
    answer = api.post(f"/api/v1/{path}", given, format="json")
    assert answer.status_code == 400, answer.content.decode()
    assert answer.json()["type"] == "/problems/invalid"
    assert answer.json()["errors"][field][0]
    assert snapshot() == before


def test_nothing_of_all_that_stands_in_the_journal(client_of, intake):
    written = Entry.objects.exclude(move="look_up")
    count = written.count()
    refused(client_of("chuangkou"), "/matters/new/accept_application/", {**intake, "size": "0"}, "size")
    assert written.count() == count
    assert Provider.objects.exists()
    assert Referral.objects.exists()
