"""The city is what its administrator has entered, on every page, in every document and in open data."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import Workbook, load_workbook
from PIL import Image

from catalog.editions.states import EDITION
from evaluations.schemes.states import SCHEME
from foundation import moments
from foundation.city import reading, setting_up
from foundation.city.models import City
from foundation.city.states import CITY
from foundation.clauses.opinion import opinion
from foundation.clauses.quoting import linked, quoted, quoted_and_linked, with_basis
from foundation.forms.actions import form_of
from foundation.forms.fields import TitleField
from foundation.journal.models import Entry
from foundation.refusals import NotYours
from foundation.roles import SYSTEM
from procurement.ocds import packages
from tests.statements import opened

GIVEN = {
    "name": "青州市",
    "name_en": "Qingzhou",
    "province": "山东省",
    "division_code": "320281",
    "postcode": "262500",
    "office": "青州市民政局",
    "office_en": "Qingzhou Civil Affairs Bureau",
    "hotline": "0536-12345",
    "publisher": "",
    "publisher_uri": "https://data.example.cn",
}
NAMED = {
    "title": "关于社会救助联动的办法",
    "short_name": "联动办法",
    "short_name_en": "Measures",
    "number": "青政发〔2027〕3号",
    "issuer": "青州市人民政府",
    "issued_on": "2026-01-05",
}
ROWS = [
    ("编号", "位置", "标题", "文字", "条"),
    ("1", "第一条", "总则", "一门受理。", "S3"),
    ("1", "第一条", "", "协同办理。", ""),
    ("2.1", "第二条（一）", "转办", "两个工作日内转办。", "S14"),
]


@pytest.fixture
def administrator(client_of) -> Client:
    return client_of("guanli")


def city() -> City:
    return City.objects.get()


def sheet(rows=ROWS) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile("text.xlsx", content.getvalue())


def test_the_name_that_was_entered_stands_on_every_page(administrator):
    answer = administrator.post(f"/city/{city().pk}/describe/", GIVEN)
    assert answer.status_code == 302
    chinese = Client().get("/").content.decode()
    assert "青州市社会救助服务" in chinese
    assert "青州市民政局" in chinese
    assert "0536-12345" in chinese
    assert "江阴" not in Client().get("/help/").content.decode()
    english = Client()
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Social assistance in Qingzhou" in english.get("/").content.decode()
    described = Entry.objects.filter(move="describe", object_id=city().pk).latest("pk")
    assert described.after["name"] == "青州市"


def test_open_data_name_the_publisher_and_the_office_without_one(administrator):
    administrator.post(f"/city/{city().pk}/describe/", GIVEN)
    told = packages.head("https://x.example.cn")["publisher"]
    assert told == {"name": "青州市民政局", "uri": "https://data.example.cn"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "市" * 300),
        ("name", ""),
        ("division_code", "37078"),
        ("division_code", "070781"),
        ("division_code", "370781"),  # none of the places begins with it
        ("division_code", "37078a"),
        ("postcode", "2625"),
        ("hotline", "call me"),
        ("publisher_uri", "data"),
        ("office", ""),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_kept(administrator, api_of, field, value):
    answer = administrator.post(f"/city/{city().pk}/describe/", {**GIVEN, field: value})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert city().name == "江阴市"
    answer = api_of("guanli").post(
        f"/api/v1/city/{city().pk}/describe", {**GIVEN, field: value}, format="json"
    )
    assert answer.status_code in (400, 422)
    assert field in answer.json()["errors"]


def test_a_program_changes_one_field_and_leaves_the_others(api_of):
    answer = api_of("guanli").post(f"/api/v1/city/{city().pk}/describe", {"hotline": "12349"}, format="json")
    assert answer.status_code == 200
    assert (city().hotline, city().name) == ("12349", "江阴市")


@pytest.mark.parametrize("login", ["minzheng", "shenji", "jigou", "jiguan"])
def test_nobody_else_changes_the_city(client_of, who, login):
    assert client_of(login).post(f"/city/{city().pk}/describe/", GIVEN).status_code == 403
    with pytest.raises(NotYours):
        setting_up.describe(city(), by=who(login), **GIVEN)


def test_there_is_one_city():
    with pytest.raises(IntegrityError), transaction.atomic():
        setting_up.begin(by=SYSTEM)


def test_a_document_of_a_day_to_come_is_refused_at_that_field(administrator):
    later = (moments.today() + timedelta(days=1)).isoformat()
    answer = administrator.post(f"/city/{city().pk}/name-document/", {**NAMED, "issued_on": later})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"issued_on": ["日期不能晚于今天。"]}
    assert city().document_title != NAMED["title"]


def test_the_text_of_the_document_is_quoted_from_the_sheet(administrator):
    answer = administrator.post(f"/city/{city().pk}/name-document/", {**NAMED, "text": sheet()})
    assert answer.status_code == 302
    assert opinion().document_number == "青政发〔2027〕3号"
    assert quoted("S14") == "《联动办法》第二条\uff08一\uff09"
    assert 'href="/basis/2.1/#S14"' in quoted_and_linked("S14")
    assert "/basis/2.1/" in linked("见《联动办法》第二条\uff08一\uff09。")
    assert quoted("S26") == "" == quoted_and_linked("S26")
    assert with_basis("不行。", "S26") == "不行。"
    assert "两个工作日内转办。" in Client().get("/basis/2.1/").content.decode()
    assert Client().get("/basis/3.2.2/").status_code == 404


def test_without_a_file_the_text_stays_and_its_new_name_is_quoted(administrator):
    administrator.post(f"/city/{city().pk}/name-document/", {**NAMED, "number": "澄政发〔2027〕9号"})
    assert quoted("S14") == "《联动办法》三\uff08二\uff092"
    assert opinion().document_number == "澄政发〔2027〕9号"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("x", "第三条", "", "a", ""), "编号"),
        (("3", "", "", "a", ""), "位置"),
        (("3", "第三条", "", "a", "S99"), "S34"),
        (("3", "第三条", "", "a", "S3"), "写过"),
        (("1", "第九条", "", "a", ""), "第一条"),
        (("3", "第三条", "", "字" * 2_001, ""), "2000"),
    ],
)
def test_a_wrong_row_of_the_text_is_told_by_its_number(administrator, row, why):
    answer = administrator.post(f"/city/{city().pk}/name-document/", {**NAMED, "text": sheet([*ROWS, row])})
    assert answer.status_code == 422
    (fault,) = answer.context["form"].errors["text"]
    assert "第 5 行" in fault
    assert why in fault
    assert opinion().title != NAMED["title"]


def test_a_file_that_is_no_sheet_is_told(administrator):
    other = SimpleUploadedFile("text.xlsx", b"PK\x03\x04nothing")
    answer = administrator.post(f"/city/{city().pk}/name-document/", {**NAMED, "text": other})
    assert answer.context["form"].errors.keys() == {"text"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("《联动办法》", "联动办法"),
        ("《《 联动办法 》》", "联动办法"),
        ("关于印发《办法》的通知", "关于印发《办法》的通知"),
        ("《甲》和《乙》", "《甲》和《乙》"),
    ],
)
def test_the_marks_around_a_title_are_taken_off_since_pages_put_them(administrator, typed, kept):
    sent = {**NAMED, "title": typed, "short_name": typed, "text": sheet()}
    assert administrator.post(f"/city/{city().pk}/name-document/", sent).status_code == 302
    assert (city().document_title, city().document_called) == (kept, kept)
    assert quoted("S14") == f"《{kept}》第二条\uff08一\uff09"
    if typed != kept:
        assert "《《" not in Client().get("/basis/2.1/").content.decode()


@pytest.mark.parametrize("typed", ["《联动办法", "联动办法》", "《》"])
def test_a_title_with_half_of_the_marks_or_nothing_between_is_refused_at_its_field(administrator, typed):
    answer = administrator.post(f"/city/{city().pk}/name-document/", {**NAMED, "short_name": typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"short_name"}


def test_every_title_that_pages_put_between_marks_is_typed_without():
    titles = {
        form.base_fields[name]
        for form, name in (
            (form_of(CITY, "name_document"), "title"),
            (form_of(CITY, "name_document"), "short_name"),
            (form_of(EDITION, "draft"), "title"),
            (form_of(SCHEME, "draft"), "name"),
        )
    }
    assert {type(field) for field in titles} == {TitleField}


def test_a_city_without_a_document_quotes_no_place():
    City.objects.all().delete()
    assert reading.current().called == ""
    assert quoted("S14") == ""
    assert linked("甲《实施意见》乙") == "甲《实施意见》乙"
    assert Client().get("/").status_code == Client().get("/basis/").status_code == 200
    assert "本市还没有登记平台依据的文件。" in Client().get("/basis/").content.decode()


def picture(kind: str = "PNG", size: tuple[int, int] = (20, 20)) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, kind)
    return content.getvalue()


def test_a_logo_is_shown_until_another_one_takes_its_place(administrator):
    address = f"/city/{city().pk}/draw-logo/"
    assert administrator.post(address, {"logo": SimpleUploadedFile("a.png", picture())}).status_code == 302
    shown = f"/city/logo-{city().logo_digest}"
    assert shown in Client().get("/").content.decode()
    answer = Client().get(shown)
    assert (answer["Content-Type"], answer.content) == ("image/png", picture())
    assert "immutable" in answer["Cache-Control"]
    assert shown in administrator.get(address).content.decode().partition("<main")[2]
    nothing = administrator.post(address, {})
    assert nothing.status_code == 422
    assert nothing.context["form"].errors.keys() == {"logo"}
    both = {"logo": SimpleUploadedFile("a.png", picture()), "remove": "on"}
    assert administrator.post(address, both).context["form"].errors.keys() == {"remove"}
    assert Client().get(shown).status_code == 200
    assert administrator.post(address, {"remove": "on"}).status_code == 302
    assert Client().get(shown).status_code == 404
    assert "brand-logo" not in Client().get("/").content.decode()


@pytest.mark.parametrize(
    "content",
    [
        b"<svg onload=alert(1)>",
        b"\x89PNG\r\n\x1a\n" + b"0" * 300_000,
        b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>",
        picture()[:-20],
        picture("JPEG")[:200],
        picture(size=(2_001, 10)),
        picture("GIF"),
    ],
    ids=["svg", "too large", "no picture", "cut off", "cut off JPEG", "too wide", "GIF"],
)
def test_a_logo_that_is_none_or_too_large_is_refused(administrator, content):
    answer = administrator.post(
        f"/city/{city().pk}/draw-logo/", {"logo": SimpleUploadedFile("a.png", content)}
    )
    assert answer.context["form"].errors.keys() == {"logo"}


def test_every_page_of_the_demonstration_says_so():
    assert "密码是公开的" in Client().get("/").content.decode()
    City.objects.update(demonstration=False)
    assert "密码是公开的" not in Client().get("/").content.decode()


def test_a_page_reads_the_city_once():
    _page, statements = opened(Client(), "/help/")
    assert sum("foundation_city" in statement for statement in statements) == 1


def test_a_name_that_is_too_long_is_neither_cut_by_the_browser_nor_kept(administrator):
    address = f"/city/{city().pk}/describe/"
    assert "maxlength" not in administrator.get(address).content.decode().partition("<main")[2]
    before = city().name
    answer = administrator.post(address, {**GIVEN, "name": "市" * 300})
    assert answer.status_code == 422
    assert "最多 20 个字，现在是 300 个，请改短。" in answer.content.decode()
    assert city().name == before


def test_the_blank_of_the_text_has_examples_that_can_be_uploaded_and_explains_each_column(administrator):
    assert "/city/document.xlsx" in administrator.get(f"/city/{city().pk}/name-document/").content.decode()
    book = load_workbook(BytesIO(administrator.get("/city/document.xlsx").content))
    heads = [cell.value for cell in book.worksheets[0][1]]
    examples = next(page for page in book.worksheets if page.title == "几行例子")
    rows = [["" if cell is None else cell for cell in row] for row in examples.iter_rows(values_only=True)]
    assert rows[0] == heads
    guide = next(page for page in book.worksheets if page.title == "怎么填")
    assert [row[0].value for row in guide.iter_rows(min_row=2)] == heads
    book.active.append(rows[1])
    for row in rows[2:]:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    file = SimpleUploadedFile("text.xlsx", content.getvalue())
    assert administrator.post(f"/city/{city().pk}/name-document/", {**NAMED, "text": file}).status_code == 302
    assert [part["number"] for part in city().document_parts] == ["1", "1.1"]
