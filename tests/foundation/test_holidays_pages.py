"""Holidays by page and API: a year is seen, entered by rows or by file, and nothing that was typed is lost."""

# typography: as typed
from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta

import chinese_calendar
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation import moments
from foundation.holidays import following
from foundation.holidays.days import Day
from foundation.holidays.models import HolidayNotice
from tests import factories
from tests.foundation.unsent import opened, typing

ENTER = "/holidays/new/propose/"

SOURCE = {
    "year": "2027",
    "covers": "year",
    "number": "国办发明电〔2026〕9号",
    "title": "国务院办公厅关于2027年部分节假日安排的通知",
    "issued_on": "2026-11-04",
    "link": "https://www.gov.cn/zhengce/",
}

#: Two holidays and a make-up Saturday, as rows of the page.
ROWS = [
    ("2027-01-01", "2027-01-03", "free", "元旦"),
    ("2月5日至11日", "", "free", "春节"),
    ("2027-02-20", "", "working", ""),
]

#: The same as a file, in both layouts.
BY_DAY = """日期,安排,名称
2027-01-01,放假,元旦
2027-01-02,放假,元旦
2027-01-03,放假,元旦
2027-02-05,放假,春节
2027-02-06,放假,春节
2027-02-07,放假,春节
2027-02-08,放假,春节
2027-02-09,放假,春节
2027-02-10,放假,春节
2027-02-11,放假,春节
2027-02-20,调休上班,
"""
BY_RANGE = """2027-01-01..2027-01-03, 放假, 元旦
2027-02-05..2027-02-11, 放假, 春节
2027-02-20, 调休上班, 调休上班
"""


def typed(rows=ROWS, **changed):
    sent = {**SOURCE, **changed, "key": changed.pop("key", "k")}
    for number, row in enumerate(rows):
        for part, value in zip(("first", "last", "kind", "words"), row, strict=True):
            sent[f"days-{number}-{part}"] = value
    return sent


def file_of(text: str | bytes, name: str = "2027.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def free_days_of(year: int) -> int:
    """The days of the package's holidays, weekends within them too."""
    every = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    return sum(chinese_calendar.is_holiday(day) and bool(named(day)) for day in every)


def make_up_days_of(year: int) -> int:
    every = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    return sum(chinese_calendar.is_workday(day) and day.weekday() > 4 for day in every)


def named(day: date) -> str | None:
    return chinese_calendar.get_holiday_detail(day)[1]


def days_of(notice: HolidayNotice) -> list[tuple[str, bool]]:
    return [(str(day.day), day.working) for day in notice.listed]


EXPECTED = [
    *((f"2027-01-0{n}", False) for n in (1, 2, 3)),
    *((f"2027-02-{n:02}", False) for n in range(5, 12)),
    ("2027-02-20", True),
]


@pytest.fixture
def officer(client_of):
    return client_of("minzheng")


# --- the year ---------------------------------------------------------------------------


def test_a_year_is_shown_as_twelve_months_with_words_in_the_cells(officer):
    page = officer.get("/holidays/?year=2026").content.decode()
    assert page.count('class="month"') == 12
    marks = re.findall(r'class="day-mark"\s*>\s*(\S)\s*</span>', page)
    assert (marks.count("休"), marks.count("班")) == (free_days_of(2026), make_up_days_of(2026))
    assert "2月14日 调休上班" in page
    assert "还没有公布" not in page
    assert "还没有公布" in officer.get("/holidays/?year=2028").content.decode()


@pytest.mark.parametrize("year", ["1", "9999", "abc", "２０２６", ""])
def test_an_odd_year_shows_this_one(officer, year):
    answer = officer.get("/holidays/", {"year": year})
    assert answer.status_code == 200


def test_what_was_entered_stands_in_the_year_and_the_list(officer):
    notice = factories.a_whole_year(2027, Day(date(2027, 5, 3), False, "劳动节"))
    page = officer.get("/holidays/?year=2027").content.decode()
    assert "5月3日 放假 劳动节" in page
    assert notice.number in page
    assert "还没有公布" not in page


def test_the_navigation_leads_there(officer):
    assert 'href="/holidays/"' in officer.get("/rules/").content.decode()


@pytest.mark.parametrize("username,status", [("shenji", 200), ("chuangkou", 403), ("jigou", 403)])
def test_oversight_reads_it_and_others_do_not(client_of, username, status):
    client = client_of(username)
    assert client.get("/holidays/").status_code == status
    assert client.get(ENTER).status_code == 403
    assert client.post(ENTER, typed()).status_code == 403


# --- entering ---------------------------------------------------------------------------


def test_a_year_is_entered_by_rows(officer):
    answer = officer.post(ENTER, typed())
    assert answer.status_code == 302
    notice = HolidayNotice.objects.get()
    assert days_of(notice) == EXPECTED
    assert notice.listed[3].words == "春节"
    shown = officer.get(answer["Location"]).content.decode()
    assert SOURCE["link"] in shown
    assert "待另一人核对" in shown


@pytest.mark.parametrize("text", [BY_DAY, BY_RANGE, BY_RANGE.replace(",", "，"), BY_RANGE.replace(",", "\t")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_year_is_loaded_from_a_file(officer, text, encoding):
    answer = officer.post(ENTER, typed([], file=file_of(text.encode(encoding))))
    assert answer.status_code == 302, answer.content.decode()
    assert days_of(HolidayNotice.objects.get()) == EXPECTED


@pytest.mark.parametrize("name", ["2027.xlsx", "2027.csv"])
def test_a_workbook_is_read_whatever_its_name(officer, name):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["日期", "安排", "名称"])
    sheet.append([date(2027, 1, 1), "放假", "元旦"])
    sheet.append(["2027-02-05..2027-02-11", "放假", "春节"])
    target = io.BytesIO()
    book.save(target)
    answer = officer.post(ENTER, typed([], file=file_of(target.getvalue(), name)))
    assert answer.status_code == 302, answer.content.decode()
    assert len(HolidayNotice.objects.get().days) == 8


def test_the_model_file_can_be_loaded_as_it_is(officer):
    model = officer.get("/holidays/2026.csv")
    assert model["Content-Type"].startswith("text/csv")
    text = model.content.decode("utf-8-sig")
    assert text.splitlines()[0] == "日期,安排,名称"
    assert "2026-02-14,调休上班" in text
    answer = officer.post(ENTER, typed([], year="2026", file=file_of(model.content)))
    assert answer.status_code == 302, answer.content.decode()
    assert officer.get("/holidays/1999.csv").status_code == 404


def broken_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as book:
        book.writestr("hello.txt", "x")
    return target.getvalue()


@pytest.mark.parametrize(
    "content,said",
    [
        ("2027-01-01,放假,元旦\n2027-01-01,放假,元旦\n", "已在"),
        ("2027-01-01,放假,元旦\n2026-05-01,放假,劳动节\n", "不在2027年"),
        ("2027-01-01,放假,元旦\n2027-02-10,调休上班,\n", "本来就上班"),
        ("2027-01-01,放假,元旦\n2027-02-20,放假,\n", "本来就休息"),
        ("2027-01-01,放假,元旦\n2027-02-30,放假,\n", "没有这一天"),
        ("2027-01-01,放假,元旦\n#REF!,放假,\n", "日期看不懂"),
        ("2027-01-01,放假,元旦\n=A1,放假,\n", "日期看不懂"),
        ("2027-05-03,放假,劳动节\n", "没有元旦"),
        ("2027-01-01,放假,元旦\n" * 401, "最多 400 行"),
        ("2027-01-01,放假,元旦\n" * 5_100, "超过 5000 行"),
        ("日期,安排,名称\n", "只有表头"),
        ("\n\n", "没有内容"),
        ('2027-01-01,放假,"元旦\n', "引号没有成对"),
        ("<html><body>日期</body></html>", "网页"),
        ("2027-01-01,放假,元旦".encode("utf-16"), "文件类型不对"),
        (b"\xff\xfe\xfa\x80\x81\n", "编码认不出"),
        (b"%PDF-1.7", "文件类型不对"),
        pytest.param(broken_zip(), "文件", id="broken zip"),
        (b"", "空"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_nothing_is_kept_of_it(officer, content, said):
    answer = officer.post(ENTER, typed([], file=file_of(content)))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not HolidayNotice.objects.exists()


WRONG = """日期,安排,名称
2027-01-01..2027-01-03,放假,元旦
2027-01-05,调休上班,
xx,放假,
2027-10-01,放假什么,国庆
"""


def test_a_wrong_file_is_told_at_the_file_row_by_row_and_in_words(officer):
    answer = officer.post(ENTER, typed([], file=file_of(WRONG)))
    page = answer.content.decode()
    rows = re.findall(r"文件第 (\d) 行（([^）]*)）：([^。]*)", page)
    assert [row[:2] for row in dict.fromkeys(rows)] == [
        ("3", "2027-01-05 调休上班"),
        ("4", "xx 放假"),
        ("5", "2027-10-01 放假什么 国庆"),
    ]
    assert "“安排”看不懂" in page
    assert SOURCE["number"] in page


def test_nothing_of_a_wrong_file_is_left_in_the_form_so_that_the_mended_one_is_read_alone(officer):
    page = officer.post(ENTER, typed([], file=file_of(WRONG))).content.decode()
    assert 'value="xx"' not in page
    assert 'value="2027-01-01' not in page
    answer = officer.post(ENTER, typed([("xx", "", "free", ""), *ROWS], file=file_of(BY_RANGE)))
    assert answer.status_code == 302
    assert days_of(HolidayNotice.objects.get()) == EXPECTED


def test_a_wrong_row_of_the_page_is_told_without_codes(officer):
    page = officer.post(
        ENTER, typed([*ROWS, ("xx", "", "free", ""), ("yy", "", "working", "")])
    ).content.decode()
    assert "（xx 放假）" in page
    assert "（yy 调休上班）" in page


def test_wrong_rows_are_all_named_and_all_that_was_typed_stays(officer):
    rows = [*ROWS, ("除夕", "", "free", "春节"), ("2027-03-03", "", "working", "")]
    answer = officer.post(ENTER, typed(rows, number="", link="not an address"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for shown in (
        "第 4 行（除夕",
        "第 5 行（2027-03-03",
        'value="除夕"',
        'value="2月5日至11日"',
        "网址写法不对",
    ):
        assert shown in page
    assert not HolidayNotice.objects.exists()


def test_half_typed_rows_are_taken_up_again(officer):
    form = opened(officer, ENTER)
    sent = {name: value for name, value in typed().items() if name != "key"}
    typing(officer, form, ENTER, **sent)
    page = officer.get(f"{ENTER}?draft={form['key']}").content.decode()
    assert 'value="2月5日至11日"' in page
    assert SOURCE["title"] in page


def test_a_form_sent_twice_is_done_once(officer):
    officer.post(ENTER, typed())
    officer.post(ENTER, typed())
    assert HolidayNotice.objects.count() == 1


# --- deciding ---------------------------------------------------------------------------


def test_another_officer_sees_what_it_would_do_and_confirms(client_of, officer):
    need = factories.OpenNeed(kind="living")
    tomorrow = next(
        day
        for day in (date.fromordinal(moments.today().toordinal() + n) for n in range(1, 9))
        if day.weekday() < 5
    )
    notice = factories.proposed_holidays([Day(tomorrow, False, "放假")], year=tomorrow.year)
    own = officer.get(notice.get_absolute_url()).content.decode()
    assert f"/holidays/{notice.pk}/confirm/" not in own
    second = client_of("minzheng2")
    page = second.get(notice.get_absolute_url()).content.decode()
    assert "正在计时的时限中有 1 个会变动" in page
    assert str(need) in page
    assert second.post(f"/holidays/{notice.pk}/confirm/", {"key": "c"}).status_code == 302
    assert "时限正在重算" in second.get(notice.get_absolute_url()).content.decode()
    following.follow()
    page = second.get(notice.get_absolute_url()).content.decode()
    assert "其中 1 个有变动" in page
    assert str(need) in second.get(f"/holidays/{notice.pk}/moved/").content.decode()


# --- the API ----------------------------------------------------------------------------


def test_a_program_enters_reads_and_confirms(api_of):
    first, second = api_of("minzheng"), api_of("minzheng2")
    sent = {
        **SOURCE,
        "year": 2027,
        "days": [
            {"first": "2027-01-01", "last": "2027-01-03", "kind": "free", "words": "元旦"},
            {"first": "2027-02-20", "kind": "working"},
        ],
    }
    sent["days"].append({"first": "2027-02-05", "last": "2027-02-11", "kind": "free", "words": "春节"})
    made = first.post("/api/v1/holidays/propose", sent, format="json")
    assert made.status_code == 201, made.content
    notice = made.json()
    assert notice["days"][0] == {"day": "2027-01-01", "working": False, "words": "元旦"}
    assert notice["moves"] == ["withdraw"]
    address = f"/api/v1/holidays/{notice['id']}"
    effect = second.get(f"{address}/effect").json()
    assert {"by_days", "corrected", "entered_again", "different", "missing", "undone", "waiting"} < set(
        effect
    )
    assert {"first": "2027-02-20", "last": "2027-02-20", "working": True, "words": ""} in effect["different"]
    refused = first.post(f"{address}/confirm", format="json")
    assert refused.status_code == 403
    assert second.post(f"{address}/confirm", format="json").json()["status"] == "in_force"
    assert second.get("/api/v1/holidays?year=2027").json()["results"][0]["days"] == []
    assert second.get("/api/v1/moved-deadlines").json()["results"] == []


@pytest.mark.parametrize(
    "changed,field",
    [
        ({"days": [{"first": "2027-02-30", "kind": "free"}]}, "days"),
        ({"days": [{"first": "2027-01-01", "kind": "free", "colour": "red"}]}, "days"),
        ({"days": [{"first": 20270101, "kind": "free"}]}, "days"),
        ({"days": "2027-01-01"}, "days"),
        ({"days": []}, "days"),
        ({"year": "next"}, "year"),
        ({"year": 2007}, "year"),
        ({"covers": "month"}, "covers"),
        ({"issued_on": "yesterday"}, "issued_on"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"number": ""}, "number"),
    ],
)
def test_a_program_is_told_at_the_field(api_of, changed, field):
    good = {**SOURCE, "year": 2027, "days": [{"first": "2027-01-01", "kind": "free", "words": "元旦"}]}
    answer = api_of("minzheng").post("/api/v1/holidays/propose", {**good, **changed}, format="json")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert field in answer.json()["errors"]
    assert not HolidayNotice.objects.exists()


#: A day of each holiday of 2027 that the law gives.
BY_LAW = {
    "元旦": date(2027, 1, 1),
    "春节": date(2027, 2, 8),
    "清明节": date(2027, 4, 5),
    "劳动节": date(2027, 5, 3),
    "端午节": date(2027, 6, 9),
    "中秋节": date(2027, 9, 15),
    "国庆节": date(2027, 10, 1),
}


@pytest.mark.parametrize("lacking", [(), ("中秋节",), tuple(BY_LAW)[1:]])
def test_who_confirms_a_year_is_told_which_holidays_of_the_law_it_does_not_name(client_of, lacking):
    days = [Day(day, False, name) for name, day in BY_LAW.items() if name not in lacking]
    notice = factories.proposed_holidays(days, year=2027, whole_year=True)
    second = client_of("minzheng2")
    pages = [second.get(f"{notice.get_absolute_url()}{end}").content.decode() for end in ("", "confirm/")]
    for page in pages:
        told = page.partition("没有这些法定节日")[2].partition("</")[0]
        assert [name for name in BY_LAW if name in told] == list(lacking)
    assert "1月1日 放假 元旦" in pages[1]
    assert second.post(f"{notice.get_absolute_url()}confirm/", {"key": "k"}).status_code == 302
    notice.refresh_from_db()
    assert notice.status == "in_force"


def test_of_a_change_of_single_days_no_holiday_is_missed(client_of):
    notice = factories.proposed_holidays([Day(date(2027, 1, 4), False, "元旦")], year=2027)
    page = client_of("minzheng2").get(f"{notice.get_absolute_url()}confirm/").content.decode()
    assert "没有这些法定节日" not in page
