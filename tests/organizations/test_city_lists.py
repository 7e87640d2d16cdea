"""An empty city gets its places, bodies and windows from sheets: all rows are told, and all or nothing is entered."""

from __future__ import annotations

import io
import re
from datetime import date
from time import process_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from foundation.journal.models import Entry
from foundation.refusals import Invalid, Refused
from foundation.roles import Role
from organizations.bodies import keeping
from organizations.bodies.models import Organization
from organizations.city_lists import entering
from organizations.city_lists.models import CityList
from organizations.city_lists.templates import template_of
from organizations.people.models import Membership, User
from organizations.places import keeping as keeping_places
from organizations.places.models import Place
from organizations.responsibilities.models import Responsibility
from tests.factories.sessions import proved
from tests.marketplace.problems import problem
from tests.organizations import sheets
from tests.organizations.sheets import (
    BODY,
    CITY,
    COMMUNITY,
    PLACES,
    STREET,
    TOWN,
    VILLAGE,
    WINDOW,
    ZONE,
    entered,
    outcomes,
    uploaded,
)

pytestmark = pytest.mark.empty


def test_places_come_in_whatever_the_order_of_their_rows(admin):
    waiting = uploaded("places", PLACES, admin)
    assert outcomes(waiting) == (6, 0, 0)
    assert not Place.objects.exists()
    entering.confirm(waiting, by=admin)
    town, village = Place.objects.get(code="999999101"), Place.objects.get(code="999999101201")
    assert (village.parent, town.parent.kind, town.zone.name) == (town, "city", "示例开发区")
    assert (village.latitude, town.parent.latitude) == (None, 31.92)
    committees = Organization.objects.filter(kind="committee").values_list("name", "code")
    assert set(committees) == {
        ("甲村村民委员会", "village-999999101201"),
        ("乙社区居民委员会", "village-999999001001"),
    }
    acts = Entry.objects.filter(lifecycle="organizations.Place").values_list("move", "actor_id")
    assert list(acts) == [("enter", admin.user_id)] * 6


def test_the_same_file_again_changes_nothing_and_says_so(admin):
    entered("places", PLACES, admin)
    again = uploaded("places", PLACES, admin)
    assert outcomes(again) == (0, 0, 6)
    before = Entry.objects.filter(lifecycle="organizations.Place").count()
    entering.confirm(again, by=admin)
    assert Entry.objects.filter(lifecycle="organizations.Place").count() == before
    assert Place.objects.count() == 6


def test_what_differs_is_told_with_what_it_was_and_an_empty_cell_leaves_what_is_there(admin):
    entered("places", PLACES, admin)
    rows = [
        {"code": "999999101000", "name": "东山镇", "kind": "镇", "latitude": "31.5", "longitude": "120.5"}
    ]
    waiting = uploaded("places", rows, admin)
    assert waiting.shown[0]["changes"] == [
        ["name", "东镇", "东山镇"],
        ["latitude", None, 31.5],
        ["longitude", None, 120.5],
    ]
    entering.confirm(waiting, by=admin)
    town = Place.objects.get(code="999999101")
    assert (town.name, town.latitude, town.zone.name) == ("东山镇", 31.5, "示例开发区")
    entry = Entry.objects.get(lifecycle="organizations.Place", move="change")
    assert (entry.before["name"], entry.after["name"]) == ("东镇", "东山镇")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**VILLAGE, "parent": ""}, "属于哪个镇或街道"),
        ({**VILLAGE, "parent": "南镇"}, "没有叫“南镇”的上级"),
        ({**VILLAGE, "parent": "乙社区"}, "没有叫“乙社区”的上级"),
        ({**VILLAGE, "code": "999999101"}, "和第 5 行重复"),
        ({**VILLAGE, "code": "999999001301"}, "应以“东镇”的代码 999999101 开头"),
        ({**VILLAGE, "code": "99999910120"}, ""),
        ({**VILLAGE, "code": "9999991012011"}, "6 到 12 位"),
        ({**VILLAGE, "name": "甲" * 300}, "名称"),
        ({**VILLAGE, "name": ""}, "代码、名称和类别都要写"),
        ({**VILLAGE, "kind": "屯"}, "村、社区、村社区、区、管委会。"),
        ({**VILLAGE, "latitude": "31.5"}, "纬度和经度要一起填写"),
        ({**VILLAGE, "latitude": "北纬", "longitude": "1"}, "纬度"),
        ({**VILLAGE, "zone": "示例开发区"}, "只有镇和街道"),
        ({**STREET, "code": "999999002", "zone": "东镇"}, "没有叫“东镇”的开发区"),
        ({**STREET, "code": "999999002", "name": "东镇"}, "已有一个“东镇”"),
        ({**CITY, "code": "999998", "name": "另一市"}, "只有一个市"),
        ({**STREET, "code": "888888001"}, "应以“示例市”的代码 999999 开头"),
    ],
)
def test_a_wrong_row_is_told_by_its_number_and_nothing_is_kept(admin, row, said):
    rows = [COMMUNITY, {**VILLAGE, "code": "999999101202", "name": "丙村"}, STREET, TOWN, ZONE, CITY, row]
    if not said:
        assert outcomes(uploaded("places", rows, admin)) == (7, 0, 0)
        return
    told = sheets.faults("places", rows, admin)
    assert any(words.startswith("第 8 行") and said in words for words in told), told
    assert not CityList.objects.exists()


def test_what_is_there_keeps_its_kind_its_parent_and_its_code(admin):
    entered("places", PLACES, admin)
    keeping_places.enter(by=admin, kind="town", code="999999102", name="北镇")
    said = sheets.faults(
        "places",
        [
            {**TOWN, "kind": "开发区"},
            {**VILLAGE, "parent": "北镇"},
            {**VILLAGE, "code": "999999101209"},
            {**CITY, "code": "999998", "name": "另一市"},
        ],
        admin,
    )
    assert [words[:5] for words in said] == ["第 2 行", "第 3 行", "第 4 行", "第 5 行"]
    assert "类别不能改" in said[0] and "上级不能改" in said[1] and "已有一个“甲村”" in said[2]


def test_a_town_that_becomes_a_street_stays_what_it_is_otherwise(admin, session):
    """By list and by hand, and back again."""
    entered("places", PLACES, admin)
    town = Place.objects.get(code=TOWN["code"])
    villages = Place.objects.filter(parent=town).count()
    assert outcomes(uploaded("places", [{**TOWN, "kind": "街道", "name": "东街道"}], admin)) == (0, 1, 0)
    entered("places", [{**TOWN, "kind": "街道", "name": "东街道"}], admin)
    town.refresh_from_db()
    assert (town.kind, town.name, Place.objects.filter(parent=town).count()) == ("street", "东街道", villages)
    form = {"name": "东镇", "kind": "town", "key": "1"}
    assert session.post(f"{town.get_absolute_url()}change/", form).status_code == 302
    town.refresh_from_db()
    assert (town.kind, town.name) == ("town", "东镇")
    with pytest.raises(Invalid, match="只有镇和街道可以互改"):
        keeping_places.change(town, by=admin, name="东镇", kind="village")


def test_thirty_faults_are_told_and_how_many_more(admin):
    entered("places", PLACES, admin)
    rows = [{**VILLAGE, "code": f"99999910130{n}", "name": f"{n}村"} for n in range(1, 8)]
    rows += [{**VILLAGE, "code": f"99999910140{n}", "parent": "无镇"} for n in range(10, 43)]
    said = sheets.faults("places", rows, admin)
    assert len(said) == 31
    assert "还有 3 处不对" in said[-1]


def test_a_file_that_is_none_or_has_strange_heads_is_told(admin):
    kind = "places"
    strange = sheets.form(kind, sheets.xlsx(kind, PLACES, ["区划代码", "名称", "面积", "类别"]), admin)
    assert "认不出这些列：面积" in str(strange.errors)
    assert "没有找到表头" in str(sheets.form("windows", sheets.xlsx(kind, PLACES), admin).errors)
    assert "只有表头" in str(sheets.form(kind, sheets.xlsx(kind, []), admin).errors)
    blank = SimpleUploadedFile("places.xlsx", template_of(kind))
    assert "只有表头" in str(sheets.form(kind, blank, admin).errors)


def test_what_csv_says_is_the_same(admin):
    for encoding in ("utf-8-sig", "gb18030"):
        form = sheets.form("places", sheets.as_csv("places", PLACES, encoding), admin)
        assert form.is_valid(), form.errors
        assert outcomes(entering.upload(by=admin, **form.given())) == (6, 0, 0)


SECOND = {"name": "示例市民政局", "duty": "临时救助", "need_kind": "临时急难", "basis": "示政发〔2018〕1号"}
RENAMED = {
    "name": "示例市工业和信息化局",
    "since": "2018-12-11",
    "earlier": "示例市经信委",
    "earlier_until": "2019-02-28",
    "duty": "信息化",
    "basis": "示政发〔2018〕1号",
    "duty_until": "2020-12-31",
}
AGENCY = {"name": "公信评估中心", "kind": "评估机构", "hours": "周一至周五 9:00-17:00"}


def test_bodies_come_with_their_names_and_what_they_answer_for(admin):
    entered("places", PLACES, admin)
    found = entered("bodies", [BODY, SECOND, RENAMED, AGENCY], admin)
    assert outcomes(found) == (4, 0, 0)
    bureau = Organization.objects.get(code="mz")
    assert (bureau.may_buy, bureau.place.kind, bureau.phone) == (True, "city", "0510-86000001")
    duties = Responsibility.objects.filter(organization=bureau).values_list("need_kind", "valid_from")
    assert set(duties) == {("living", date(2018, 12, 11)), ("temporary", date(2018, 12, 11))}
    renamed = Organization.objects.get(name="示例市工业和信息化局")
    assert renamed.code == "body-1"
    assert list(renamed.names.values_list("name", "valid_from", "valid_to")) == [
        ("示例市经信委", date(2018, 12, 11), date(2019, 2, 28)),
        ("示例市工业和信息化局", date(2019, 3, 1), None),
    ]
    assert Organization.objects.get(kind="evaluator").hours["5"] == [["09:00", "17:00"]]
    acts = Entry.objects.filter(actor_id=admin.user_id).values_list("lifecycle", "move")
    assert list(acts).count(("organizations.Responsibility", "assign")) == 3


def test_the_same_bodies_again_change_nothing_and_what_is_added_is_told(admin):
    entered("places", PLACES, admin)
    rows = [BODY, SECOND, RENAMED, AGENCY]
    entered("bodies", rows, admin)
    assert outcomes(entered("bodies", rows, admin)) == (0, 0, 4)
    assert Responsibility.objects.count() == 3
    added = {**SECOND, "duty": "受灾人员救助", "need_kind": "受灾"}
    waiting = uploaded("bodies", [{**BODY, "phone": "0510-86000009"}, added], admin)
    assert outcomes(waiting) == (0, 2, 0)
    assert waiting.shown[0]["changes"] == [["phone", "0510-86000001", "0510-86000009"]]
    assert waiting.shown[1]["changes"] == [["duty", "", "受灾人员救助"]]
    entering.confirm(waiting, by=admin)
    assert Organization.objects.get(code="mz").phone == "0510-86000009"
    assert Organization.objects.get(code="mz").responsibilities.count() == 3


def test_the_body_that_was_made_with_the_administrator_takes_its_days_from_the_list(admin):
    entered("places", PLACES, admin)
    row = {"name": "民政局", "code": "minzheng", "since": "2018-12-11", "phone": "0510-86000001"}
    assert outcomes(entered("bodies", [row], admin)) == (0, 1, 0)
    assert outcomes(uploaded("bodies", [row], admin)) == (0, 0, 1)
    assert Organization.objects.get(code="minzheng").names.get().valid_from == date(2018, 12, 11)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**BODY, "code": "", "name": ""}, "请写部门的名称或简码"),
        ({"code": "nowhere", "duty": "某事", "basis": "某文"}, "没有简码是“nowhere”的部门"),
        ({**BODY, "name": "别的局"}, "和第 2 行的“示例市民政局”重复"),
        ({**SECOND, "phone": "0510-86000099"}, "“电话”和第 2 行不一样"),
        ({**SECOND, "duty": "最低生活保障", "need_kind": "基本生活困难"}, "写了两次"),
        ({**SECOND, "duty": "低保", "need_kind": "基本生活困难"}, "已有这类需求的职责"),
        ({**SECOND, "basis": ""}, "请写职责的依据"),
        ({**SECOND, "duty": ""}, "没有写职责"),
        ({"name": "示例市民政局"}, "和第 2 行重复"),
        ({"name": "新局", "credit_code": "123"}, "18 位"),
        ({"name": "新局", "phone": "abc"}, "电话"),
        ({"name": "新局", "may_buy": "是", "may_supply": "是"}, "购买主体不能同时是承接主体"),
        ({"name": "新局", "earlier": "旧局"}, "一起写"),
        ({"name": "新局", "may_buy": "也许"}, "请写“是”或“否”"),
        ({**AGENCY, "duty": "评估", "basis": "某文"}, "只有责任部门有职责"),
        ({"name": "民政局", "code": "mz2"}, "简码是 minzheng"),
        ({"name": "别名局", "code": "minzheng"}, "改名请在它的页面办理"),
        ({"name": "新局", "hours": "天天"}, "开放时间"),
        ({"name": "新" * 300}, "名称"),
    ],
)
def test_a_wrong_body_is_told_by_its_number(admin, row, said):
    entered("places", PLACES, admin)
    told = sheets.faults("bodies", [BODY, row], admin)
    assert any(words.startswith("第 3 行") and said in words for words in told), told


def test_a_credit_code_belongs_to_one(admin):
    entered("places", PLACES, admin)
    code = "11320281MJ00000151"
    rows = [{"name": "甲局", "credit_code": code}, {"name": "乙局", "credit_code": code}]
    assert f"{code} 是“甲局”的" in sheets.faults("bodies", rows, admin)[0]


def test_windows_come_one_for_each_town(admin):
    entered("places", PLACES, admin)
    found = entered("windows", [WINDOW, {"town": "999999001", "name": "西街道窗口"}], admin)
    assert outcomes(found) == (2, 0, 0)
    window = Organization.objects.windows().get(place__name="东镇")
    assert (window.code, window.hours["1"][0]) == ("window-999999101", ["08:30", "11:30"])
    assert outcomes(entered("windows", [WINDOW], admin)) == (0, 0, 1)
    moved = uploaded("windows", [{**WINDOW, "hours": "周一至周五 9:00-17:00"}], admin)
    ((name, before, after),) = moved.shown[0]["changes"]
    assert (name, before, after["1"]) == ("hours", window.hours, [["09:00", "17:00"]])
    entering.confirm(moved, by=admin)
    assert Organization.objects.windows().get(place__name="东镇").hours["1"] == [["09:00", "17:00"]]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**WINDOW, "town": "南镇"}, "没有叫“南镇”的镇街"),
        ({**WINDOW, "town": "甲村"}, "没有叫“甲村”的镇街"),
        (WINDOW, "和第 2 行重复"),
        ({**WINDOW, "town": "西街道", "name": ""}, "都要写"),
        ({**WINDOW, "town": "西街道", "hours": "周一 25:00-26:00"}, "没有“25:00”这个时间"),
    ],
)
def test_a_wrong_window_is_told_by_its_number(admin, row, said):
    entered("places", PLACES, admin)
    told = sheets.faults("windows", [WINDOW, row], admin)
    assert any(words.startswith("第 3 行") and said in words for words in told), told


def test_a_list_that_would_come_out_otherwise_by_now_is_refused_whole(admin):
    waiting = uploaded("places", PLACES, admin)
    keeping_places.enter(by=admin, kind="city", code="999999", name="示例市")
    with pytest.raises(Refused, match="请丢弃这份清单"):
        entering.confirm(waiting, by=admin)
    assert Place.objects.count() == 1
    assert entering.discard(CityList.objects.get(), by=admin).status == "discarded"
    bodies = uploaded("bodies", [BODY], admin)
    keeping.establish(by=admin, kind="body", name=BODY["name"])
    with pytest.raises(Refused):
        entering.confirm(bodies, by=admin)


def _many(count: int) -> list[dict]:
    towns = [{"code": f"9999992{n:02d}", "name": f"{n}镇", "kind": "镇"} for n in range(max(1, count // 100))]
    villages = [
        {
            "code": f"9999992{n % len(towns):02d}{n // len(towns):03d}",
            "name": f"{n}村",
            "kind": "村",
            "parent": towns[n % len(towns)]["name"],
        }
        for n in range(count - len(towns) - 1)
    ]
    return [CITY, *towns, *villages]


def test_five_thousand_rows_take_as_many_statements_as_ten(admin):
    counted, taken = [], []
    for count in (10, 5_000):
        before = Place.objects.count()
        here = transaction.savepoint()
        begun = process_time()
        with CaptureQueriesContext(connection) as statements:
            entered("places", _many(count), admin)
        taken.append(process_time() - begun)
        assert Place.objects.count() - before == count
        counted.append(len(statements))
        transaction.savepoint_rollback(here)
    assert counted[0] == counted[1]
    assert counted[0] < 60
    assert taken[1] < 40


def test_the_administrator_does_it_on_pages_and_others_do_not(admin, session):
    assert "地点空表" in session.get("/city-lists/new/upload/").content.decode()
    sheet = session.get("/city-lists/templates/bodies.xlsx")
    book = load_workbook(io.BytesIO(sheet.content))
    assert [cell.value for cell in book.worksheets[0][1]] == list(sheets.HEADS["bodies"].values())
    sent = {"kind": "places", "file": sheets.xlsx("places", [CITY, {**VILLAGE, "parent": ""}]), "key": "k1"}
    wrong = session.post("/city-lists/new/upload/", sent)
    assert wrong.status_code == 422
    assert "第 3 行" in wrong.content.decode()
    sent = {"kind": "places", "file": sheets.xlsx("places", PLACES), "key": "k2"}
    answer = session.post("/city-lists/new/upload/", sent)
    shown = session.get(answer["Location"]).content.decode()
    assert "新增 6" in shown and "乙社区" in shown
    assert "乙社区" not in session.get(answer["Location"], {"outcome": "changed"}).content.decode()
    assert session.post(f"{answer['Location']}confirm/", {"key": "k3"}).status_code == 302
    assert Place.objects.count() == 6
    assert "places.xlsx" in session.get("/city-lists/").content.decode()
    user = User.objects.create(username="other", full_name="别人")
    Membership.objects.create(user=user, role=Role.CIVIL_AFFAIRS)
    other = proved(user)
    assert other.get(answer["Location"]).status_code == 200
    for path in (
        "/city-lists/new/upload/",
        "/city-lists/templates/places.xlsx",
        f"{answer['Location']}confirm/",
    ):
        assert other.get(path).status_code == 403


def test_the_api_does_the_same(admin, session):
    sent = {"kind": "places", "file": sheets.xlsx("places", [CITY, {**VILLAGE, "parent": ""}])}
    told = problem(session.post("/api/v1/city-lists/upload", sent), 400, "invalid")
    assert "第 3 行" in told["errors"]["file"][0]
    made = session.post("/api/v1/city-lists/upload", {**sent, "file": sheets.xlsx("places", PLACES)}).json()
    assert (made["new"], made["changed"], len(made["shown"])) == (6, 0, 6)
    (listed,) = session.get("/api/v1/city-lists").json()["results"]
    assert listed["shown"] == []
    answer = session.post(f"/api/v1/city-lists/{made['id']}/confirm", "{}", content_type="application/json")
    assert answer.json()["status"] == "entered"
    assert Place.objects.count() == 6


def test_the_preview_says_what_is_kept_of_a_row_and_which_committees_come_with_it(admin, session):
    township = {**TOWN, "kind": "乡"}
    waiting = uploaded("places", [CITY, ZONE, township, VILLAGE, STREET, COMMUNITY], admin)
    page = session.get(waiting.get_absolute_url()).content.decode()
    assert "类别\uff1a镇" in page
    assert "类别\uff1a乡" not in page
    assert "甲村村民委员会" in page
    assert "乙社区居民委员会" in page
    session.cookies["django_language"] = "en"
    english = session.get(waiting.get_absolute_url()).content.decode()
    assert "<div>Kind: Town (the sheet says" in english
    for cell in re.findall(r'<td data-label="变化">(.*?)</td>', page):
        assert cell == "—" or cell.startswith("<div><div>"), "one block beside its label on a phone"


def test_whoever_confirms_reads_what_changes_and_each_body_once(admin, session):
    entered("places", PLACES, admin)
    waiting = uploaded("places", [{**COMMUNITY, "name": "丙社区"}], admin)
    page = session.get(f"{waiting.get_absolute_url()}confirm/").content.decode()
    assert "乙社区 → 丙社区" in page
    rows = [{**BODY, "duty": f"第{n}项", "need_kind": ""} for n in range(3)]
    waiting = uploaded("bodies", [row | {"duty_from": "2026-01-01"} for row in rows], admin)
    page = session.get(f"{waiting.get_absolute_url()}confirm/").content.decode()
    assert "新增\uff083 行\uff09" in page
    assert "2026年1月1日" in session.get(waiting.get_absolute_url()).content.decode()


def test_a_parent_is_told_by_its_name_and_a_township_as_what_it_is_kept(admin, session):
    waiting = uploaded("places", [*PLACES, {"code": "999999102", "name": "南乡", "kind": "乡"}], admin)
    page = session.get(waiting.get_absolute_url()).content.decode()
    assert "上级\uff1a西街道" in page and "上级\uff1a999999001" not in page
    assert "镇\uff08表里写的是“乡”\uff09" in page


def test_the_committee_follows_its_village_and_of_others_that_bear_the_name_is_told(admin, session):
    entered("places", PLACES, admin)
    windows = entered("windows", [WINDOW], admin)
    assert "镇街\uff1a东镇" in session.get(windows.get_absolute_url()).content.decode()
    rows = [{**COMMUNITY, "name": "丙社区"}, {**TOWN, "name": "中镇"}]
    waiting = uploaded("places", rows, admin)
    page = session.get(waiting.get_absolute_url()).content.decode()
    assert "“乙社区居民委员会”跟着改称“丙社区居民委员会”" in page
    assert "“东镇社会救助窗口”的名称不会跟着改" in page
    entering.confirm(waiting, by=admin)
    committee = Organization.objects.get(code="village-999999001001")
    assert committee.name == "丙社区居民委员会"
    assert [one.name for one in committee.names.all()][-1] == "丙社区居民委员会"
    assert Entry.objects.filter(object_id=committee.pk, move="rename").exists()
    village, town = Place.objects.get(code="999999101201"), Place.objects.get(code="999999101")
    keeping_places.change(village, by=admin, name="丁村")
    assert Organization.objects.get(place=village).name == "丁村村民委员会"
    keeping_places.change(town, by=admin, name="东镇")
    page = session.get(f"{town.get_absolute_url()}change/").content.decode()
    assert "不会跟着改\uff0c要改的请到各自的页面办理\uff1a东镇社会救助窗口" in page
