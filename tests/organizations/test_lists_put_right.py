"""What was entered wrongly is closed and entered anew, by hand or by list, and lists are refused before they break."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import translation
from openpyxl import load_workbook

from catalog.items.item_form import World
from foundation.journal.models import Entry
from foundation.refusals import Invalid
from organizations.bodies import closing as closing_bodies
from organizations.bodies import keeping
from organizations.bodies.models import Organization
from organizations.city_lists import entering
from organizations.city_lists.columns import COLUMNS
from organizations.city_lists.templates import template_of
from organizations.places import closing
from organizations.places import keeping as places
from organizations.places.models import Place
from organizations.responsibilities.models import Responsibility
from organizations.responsibilities.need_kinds import NeedKind
from organizations.staff_lists.reading import known_to
from tests.organizations import sheets
from tests.organizations.sheets import COMMUNITY, PLACES, STREET, entered, outcomes, uploaded

pytestmark = pytest.mark.empty


def test_the_city_with_a_wrong_code_is_closed_and_entered_anew(admin):
    wrong = places.enter(by=admin, kind="city", code="999998", name="示例市")
    with pytest.raises(Invalid, match="只有一个市"):
        places.enter(by=admin, kind="city", code="999999", name="示例市")
    closing.close(wrong, by=admin, reason="代码录错")
    city = places.enter(by=admin, kind="city", code="999999", name="示例市")
    town = places.enter(by=admin, kind="town", code="999999101", name="东镇")
    assert (town.parent, Place.objects.city()) == (city, city)
    assert keeping.establish(by=admin, kind="body", name="教育局").place == city


def test_a_list_that_names_the_code_of_a_closed_place_makes_a_new_one_and_says_so(admin, session):
    entered("places", PLACES, admin)
    keeping.establish(
        by=admin, kind="window", name="西街道窗口", place=Place.objects.get(code=STREET["code"])
    )
    for old in (Organization.objects.exclude(place=None), Place.objects.exclude(code="999999101")):
        for one in old.filter(Q(code__contains=STREET["code"]) | Q(code=COMMUNITY["code"])).order_by("-code"):
            (closing_bodies if isinstance(one, Organization) else closing).close(one, by=admin, reason="录错")
    rows = [{**STREET, "kind": "镇", "name": "西镇"}, {**COMMUNITY, "name": "西社区"}]
    waiting = uploaded("places", rows, admin)
    assert outcomes(waiting) == (2, 0, 0)
    assert [row["formerly"] for row in waiting.shown] == ["西街道", "乙社区"]
    assert "已停用的“西街道”" in session.get(waiting.get_absolute_url()).content.decode()
    entering.confirm(waiting, by=admin)
    town, community = (Place.objects.in_use().get(code=row["code"]) for row in (STREET, COMMUNITY))
    assert (town.kind, community.parent, Place.objects.filter(code=STREET["code"]).count()) == (
        "town",
        town,
        2,
    )
    assert community.organization_set.get().code == f"village-{COMMUNITY['code']}-2"
    assert outcomes(uploaded("places", rows, admin)) == (0, 0, 2)
    entered("windows", [{"town": STREET["code"], "name": "西镇窗口"}], admin)
    assert Organization.objects.windows().get(place=town).code == f"window-{STREET['code']}-2"


def test_a_row_without_a_code_draws_none_that_another_row_names(admin):
    entered("places", PLACES, admin)
    keeping.establish(by=admin, kind="body", name="先有的局")
    named = [{"name": "甲局"}, {"name": "乙局", "code": "body-2"}, {"name": "丙局", "code": "body-1000000"}]
    entered("bodies", [*named, {"name": "丁局"}], admin)
    assert dict(
        Organization.objects.exclude(code="minzheng").filter(kind="body").values_list("name", "code")
    ) == {"先有的局": "body-1", "甲局": "body-3", "乙局": "body-2", "丙局": "body-1000000", "丁局": "body-4"}


@pytest.mark.parametrize("code", ["window-999999101", "village-999999101209", "p-11320281mj00000151"])
def test_no_body_takes_a_code_that_is_made_for_another_kind(admin, code):
    entered("places", PLACES, admin)
    assert "请换一个" in sheets.faults("bodies", [{"name": "新局", "code": code}], admin)[0]
    entered("bodies", [{"name": "新局", "code": "p-hospital"}], admin)


def example_of(kind: str) -> dict[str, str]:
    """The example in the blank of a list, which is in Chinese."""
    return {column.name: column.example for column in COLUMNS[kind]}


def test_a_list_in_chinese_is_read_for_a_reader_of_english_and_the_other_way_round(admin):
    town = {"code": "999999101", "name": "示例镇", "kind": "Town"}
    with translation.override("en"):
        entered("places", [sheets.CITY, town, {**sheets.STREET, "kind": "街道"}, example_of("places")], admin)
        entered(
            "bodies",
            [{**example_of("bodies"), "code": "mz", "phone": ""}, {"name": "评估中心", "kind": "评估机构"}],
            admin,
        )
        entered("windows", [{**example_of("windows"), "phone": ""}], admin)
        schooling = str(NeedKind.EDUCATION.label)
    assert Responsibility.objects.get().need_kind == "living"
    entered("bodies", [{"name": "教育局", "duty": "助学", "need_kind": schooling, "basis": "某文"}], admin)
    assert Responsibility.objects.filter(need_kind="education").exists()


def test_a_list_is_confirmed_in_another_language_than_it_was_uploaded_in(admin, session):
    entered("places", PLACES, admin)
    entered("bodies", [{"name": "甲局", "hours": "周一 9:00-12:00", "since": "2018-12-11"}], admin)
    row = {"name": "甲局", "may_buy": "是", "hours": "周一至周五 9:00-17:00"}
    waiting = uploaded("bodies", [row], admin)
    week = {str(day): [["09:00", "17:00"]] for day in range(1, 6)}
    changes = [["hours", {"1": [["09:00", "12:00"]]}, week], ["may_buy", False, True]]
    assert waiting.shown[0]["changes"] == changes
    page = session.get(waiting.get_absolute_url()).content.decode()
    assert "周一 09:00-12:00 → 周一至周五 09:00-17:00" in page and "否 → 是" in page
    with translation.override("en"):
        entering.confirm(waiting, by=admin)
    body = Organization.objects.get(name="甲局")
    assert (body.may_buy, body.hours) == (True, week)


def test_the_words_of_a_kind_of_need_hold_for_an_item_in_both_languages():
    for language in ("en", "zh-hans"):
        with translation.override(language):
            known = World.now().known["need_kind"]
            assert (known["医疗费用"], known["education"]) == ("medical", "education")


def test_no_list_gives_a_place_the_name_of_another_one_beside_it(admin):
    other = {**sheets.STREET, "code": "999999999", "name": "末街道"}
    entered("places", [*PLACES, other], admin)
    said = sheets.faults("places", [{**STREET, "name": "末街道"}], admin)
    assert said == ["第 2 行：这里已有一个“末街道”。"]
    said = sheets.faults("places", [{**STREET, "name": "新街道"}, {**other, "name": "新街道"}], admin)
    assert [words[:5] for words in said] == ["第 2 行", "第 3 行"]
    entered("places", [{**STREET, "name": "末街道"}, {**other, "name": "西街道"}], admin)
    assert Place.objects.get(code=STREET["code"]).name == "末街道"


def test_a_place_is_named_by_its_code_of_statistics(admin):
    rows = [
        {**row, "parent": row.get("parent") and {"东镇": "999999101000"}.get(row["parent"])} for row in PLACES
    ]
    rows[0]["parent"], rows[3]["parent"] = "999999001000", "999999 000000"
    rows[3] |= {"zone": "999999901000"}
    entered("places", rows, admin)
    assert Place.objects.get(name="甲村").parent.name == "东镇"
    assert Place.objects.get(name="东镇").zone.name == "示例开发区"
    entered("windows", [{"town": "999999101000", "name": "东镇窗口"}], admin)
    named = known_to(admin).places
    assert [place.name for place in named["999999101000"]] == ["东镇"]


def test_a_new_responsibility_is_no_change_of_its_body(admin):
    entered("places", PLACES, admin)
    entered("bodies", [{"name": "甲局", "since": "2018-12-11"}], admin)
    row = {"name": "甲局", "duty": "助学", "need_kind": "上学费用", "basis": "某文"}
    found = entered("bodies", [row, {**row, "duty": "助餐", "need_kind": ""}], admin)
    assert outcomes(found) == (0, 2, 0)
    acts = Entry.objects.filter(
        lifecycle="organizations.Organization", object_id=Organization.objects.get(name="甲局").pk
    )
    assert list(acts.values_list("move", flat=True)) == ["establish"]
    entered("bodies", [{**row, "phone": "0510-86000001"}], admin)
    assert list(acts.values_list("move", flat=True).order_by("id")) == ["establish", "change"]


def test_an_earlier_name_without_its_first_day_is_taken_up(admin):
    entered("places", PLACES, admin)
    row = {"name": "民政局", "code": "minzheng", "earlier": "民政科", "earlier_until": "2019-02-28"}
    waiting = uploaded("bodies", [row], admin)
    assert waiting.shown[0]["changes"] == [["earlier", "", "民政科"], ["earlier_until", "", "2019-02-28"]]
    entering.confirm(waiting, by=admin)
    names = Organization.objects.get(code="minzheng").names.values_list("name", "valid_from", "valid_to")
    assert list(names) == [("民政科", None, date(2019, 2, 28)), ("民政局", date(2019, 3, 1), None)]
    assert outcomes(uploaded("bodies", [row], admin)) == (0, 0, 1)


def test_hours_in_several_lines_of_a_cell_are_read(admin):
    entered("places", PLACES, admin)
    window = {"town": "东镇", "name": "东镇窗口", "hours": "周一至周五 9:00-17:00\n周六 9:00-11:30"}
    entered("windows", [window], admin)
    assert Organization.objects.windows().get().hours["6"] == [["09:00", "11:30"]]


def test_a_position_is_shown_to_the_metre(admin, session):
    entered("places", [{**sheets.CITY, "latitude": "31.920125", "longitude": 120.28}], admin)
    page = session.get(Place.objects.get().get_absolute_url()).content.decode()
    assert "31.920125, 120.28" in page
    waiting = uploaded("places", [{**sheets.CITY, "latitude": "31.920135", "longitude": "120"}], admin)
    page = session.get(waiting.get_absolute_url()).content.decode()
    assert "31.920125 → 31.920135" in page and "120.28 → 120<" in page


def test_two_columns_for_one_thing_are_refused_by_their_heads(admin):
    heads = ["镇街", "名称", "电话", "联系电话", "开放时间"]
    told = sheets.form("windows", sheets.xlsx("windows", [], heads), admin).errors["file"]
    assert "电话（C）、联系电话（D）" in told[0]


def test_sheets_that_were_not_read_are_told_before_the_list_is_confirmed(admin, session):
    book = load_workbook(BytesIO(template_of("places")))
    for name, row in zip("AB", (sheets.CITY, sheets.TOWN), strict=True):
        page = book.worksheets[0] if name == "A" else book.copy_worksheet(book.worksheets[0])
        page.title = name
        for at, column in enumerate(sheets.HEADS["places"], 1):
            page.cell(2, at, row.get(column) if column != "zone" else None)
    kept = BytesIO()
    book.save(kept)
    filled = sheets.form("places", SimpleUploadedFile("places.xlsx", kept.getvalue()), admin)
    assert filled.is_valid(), filled.errors
    waiting = entering.upload(by=admin, **filled.given())
    waiting.refresh_from_db()
    assert waiting.notes == [["read", ["A"]], ["others", ["B"]]]
    page = session.get(waiting.get_absolute_url()).content.decode()
    assert "没有读取：B。" in page and "填写示例" not in page
    assert uploaded("places", [sheets.CITY], admin).notes == []
