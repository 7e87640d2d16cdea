"""Sheets as offices make them: what cannot be read is said, and never taken as an empty cell."""

# typography: as typed
from __future__ import annotations

import csv
import io
import random
import zipfile
from datetime import datetime, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment

from catalog import importing, sheet
from catalog.models import Edition, Import, Item
from foundation.refusals import Invalid, Refused
from tests import factories

OPEN = {
    "categories": "不限",
    "age_from": "不限",
    "age_to": "不限",
    "disability": "不限",
    "income_percent": "不限",
    "residence": "不限",
    "places": "全市",
}
COLUMN = {field.name: n for n, field in enumerate(sheet.FIELDS, 1)}
LABEL = {field.name: str(field.label) for field in sheet.FIELDS}


class File(io.BytesIO):
    def __init__(self, content: bytes, kind: str = "xlsx") -> None:
        super().__init__(content)
        self.name, self.kind = f"目录.{kind}", kind


@pytest.fixture
def draft():
    return factories.DraftEdition()


@pytest.fixture
def upload(who, draft):
    def send(content, kind="xlsx", **given):
        if not isinstance(content, bytes):
            content = saved(content)
        file = File(content, kind)
        return importing.upload(by=who("minzheng"), edition=draft, file=file, **given)

    return send


def saved(book) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def exported(draft, *fresh: str):
    """The draft's own sheet, with new rows that are B01.02's under other codes."""
    book = load_workbook(io.BytesIO(sheet.as_xlsx(draft)))
    page = book["目录"]
    model = next(row for row in page.iter_rows(min_row=2) if row[0].value == "B01.02")
    for code in fresh:
        at = page.max_row + 1
        for cell in model:
            page.cell(at, cell.column, cell.value)
        page.cell(at, 1, code)
    return book, page


def line_of(waiting, code):
    return next(each for each in importing.preview(waiting).lines if each.code == code)


def row_of(page, code) -> int:
    return next(row[0].row for row in page.iter_rows() if row[0].value == code)


def put(page, code, name, value):
    cell = page.cell(row_of(page, code), COLUMN[name])
    cell.value = value
    return cell


def refused_words(waiting, code) -> str:
    line = line_of(waiting, code)
    assert line.verdict == "refused", line
    return " ".join(line.faults)


# --- merged cells --------------------------------------------------------------------------


def test_a_merged_condition_holds_for_every_row_under_it(who, upload, draft):
    book, page = exported(draft, "B01.21", "B01.22", "B01.23")
    first = row_of(page, "B01.21")
    for name, value in (
        ("categories", "最低生活保障、特困供养"),
        ("residence", "本市户籍"),
        ("income_percent", 200),
        ("age_from", 60),
    ):
        page.cell(first, COLUMN[name], value)
        page.merge_cells(
            start_row=first, end_row=first + 2, start_column=COLUMN[name], end_column=COLUMN[name]
        )
    waiting = upload(book)
    importing.apply(waiting, by=who("minzheng"))
    made = list(draft.items.filter(code__in=["B01.21", "B01.22", "B01.23"]))
    assert len(made) == 3
    for item in made:
        assert set(item.categories) == {"minimum_living", "extremely_poor"}
        assert (item.residence, item.income_percent, item.age_from) == ("registered", 200, 60)


def test_cells_merged_across_columns_are_refused_for_an_item_and_fine_for_a_heading(upload, draft):
    book, page = exported(draft)
    at = row_of(page, "B01.01")
    page.merge_cells(
        start_row=at, end_row=at, start_column=COLUMN["categories"], end_column=COLUMN["income_percent"]
    )
    group = row_of(page, "B01")
    page.merge_cells(start_row=group, end_row=group, start_column=COLUMN["name"], end_column=20)
    waiting = upload(book)
    assert "合并" in refused_words(waiting, "B01.01")
    assert LABEL["age_from"] in refused_words(waiting, "B01.01")
    assert line_of(waiting, "B01").verdict == "same"


def test_text_centred_over_its_neighbours_is_no_empty_neighbour(upload, draft):
    book, page = exported(draft)
    at = row_of(page, "B01.01")
    for name in ("disability", "income_percent"):
        page.cell(at, COLUMN[name]).alignment = Alignment(horizontal="centerContinuous")
    page.cell(at, COLUMN["income_percent"]).value = None
    assert "跨列居中" in refused_words(upload(book), "B01.01")


def test_a_head_merged_over_the_first_rows_is_no_content(upload, draft):
    book, page = exported(draft)
    page.merge_cells(start_row=1, end_row=2, start_column=COLUMN["places"], end_column=COLUMN["places"])
    assert "与表头合并" in " ".join(importing.preview(upload(book)).lines[0].faults)


def test_a_merge_of_the_whole_sheet_is_refused_at_once(upload, draft):
    book, _page = exported(draft)
    content = saved(book)
    huge = edited(
        content,
        "xl/worksheets/sheet1.xml",
        b"<sheetData>",
        b"<sheetData>",
        tail=b'<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>',
    )
    with pytest.raises(Invalid, match="合并单元格太多"):
        upload(huge)


def edited(content: bytes, part: str, old: bytes, new: bytes, tail: bytes = b"") -> bytes:
    """The workbook with one part changed; ``tail`` comes behind the rows."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for each in before.infolist():
            data = before.read(each)
            if each.filename == part:
                assert old in data
                data = data.replace(old, new, 1).replace(b"</sheetData>", b"</sheetData>" + tail)
            after.writestr(each.filename, data)
    return made.getvalue()


# --- cells without a value that can be read -----------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("categories", '=CONCATENATE("最低","生活保障")', "公式"),
        ("age_from", "=60+5", "公式"),
        ("includes", '=HYPERLINK("http://x")', "公式"),
        ("residence", True, "TRUE"),
        ("name", False, "FALSE"),
        ("unit", datetime(2026, 3, 5), "改成了日期"),
        ("valid_until", datetime(2027, 3, 5, 14, 30), "钟点"),
        ("unit", time(2, 30), "钟点"),
    ],
)
def test_a_cell_without_a_readable_value_is_refused_in_words(upload, draft, name, value, words):
    book, page = exported(draft)
    put(page, "B01.02", name, value)
    said = refused_words(upload(book), "B01.02")
    assert words in said
    assert LABEL[name] in said
    assert str(row_of(page, "B01.02")) in said


@pytest.mark.parametrize("value", ["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "########"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_error_value_is_refused_in_words(upload, draft, value, kind):
    if kind == "xlsx":
        book, page = exported(draft)
        cell = put(page, "B01.02", "categories", value)
        assert cell.data_type in "es"
        waiting = upload(book)
    else:
        waiting = upload(f"代码,名称,救助类别条件\nB01.02,住院陪护,{value}\n".encode(), "csv")
    assert f"错误值 {value}" in refused_words(waiting, "B01.02")


def test_a_formula_with_its_result_is_read(upload, draft):
    """What Excel has calculated and saved is what is seen."""
    book, page = exported(draft)
    put(page, "B01.02", "age_from", "=60+5")
    content = edited(saved(book), "xl/worksheets/sheet1.xml", b"<f>60+5</f>", b"<f>60+5</f><v>65</v>")
    change = {each.name: each.after for each in line_of(upload(content), "B01.02").changes}
    assert change == {"age_from": "65"}


# --- numbers as they are shown -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("style", "value", "shown"),
    [
        ("000000", 10203, "010203"),
        ("0000", 7, "0007"),
        ("General", 10203, "10203"),
        ("0", 10203, "10203"),
        ("@", 10203, "10203"),
    ],
)
def test_leading_zeros_of_a_format_are_read_as_shown(upload, draft, style, value, shown):
    book, page = exported(draft)
    put(page, "B01.02", "directory_code", value).number_format = style
    change = {each.name: each.after for each in line_of(upload(book), "B01.02").changes}
    assert change["directory_code"] == shown


@pytest.mark.parametrize(
    ("style", "value"),
    [
        ('"B"00', 12),
        ("00-00", 1203),
        ("#,##0,", 240000),
        (";;;", 240),
        ("0", 239.6),
        ("[>100]0;000000", 240),
        ("# ?/?", 0.5),
        ("0.0", 240.25),
    ],
)
def test_a_number_that_is_shown_otherwise_than_kept_is_refused(upload, draft, style, value):
    book, page = exported(draft)
    put(page, "B01.02", "directory_code", value).number_format = style
    assert "显示的和存的不一样" in refused_words(upload(book), "B01.02")


@pytest.mark.parametrize(
    "style",
    [
        "0.00",
        "#,##0.00",
        "General",
        '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
        '"\u00a5"#,##0.00',
        "[$\u00a5-804]#,##0.00;[Red]-#,##0.00",
        '0.00"元"',
        "0.00_);(0.00)",
    ],
)
def test_money_in_the_formats_of_offices_is_read(upload, draft, style):
    book, page = exported(draft)
    put(page, "B01.02", "price_high", 0.1 + 260.2).number_format = style
    put(page, "B01.02", "price_ceiling", None)
    change = {each.name: each.after for each in line_of(upload(book), "B01.02").changes}
    assert change["price_high"] == "260.30"


def test_a_percentage_is_not_read_as_its_hundredth(upload, draft):
    book, page = exported(draft)
    put(page, "B01.02", "income_percent", 2).number_format = "0%"
    line = line_of(upload(book), "B01.02")
    assert line.verdict == "refused" or "200" in str(line.changes)


def test_rich_text_is_read_whole(upload, draft):
    book, page = exported(draft)
    put(page, "B01.02", "audience_text", CellRichText("重病", TextBlock(InlineFont(b=True), "住院"), "的人"))
    change = {each.name: each.after for each in line_of(upload(book), "B01.02").changes}
    assert change == {"audience_text": "重病住院的人"}


# --- hidden and other sheets ---------------------------------------------------------------------


def small(rows, title="目录"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def test_the_visible_sheet_is_read_and_not_the_hidden_one(upload):
    book = small([["代码", "名称"], ["B01.02", "旧名称"]], "旧")
    book.active.sheet_state = "hidden"
    page = book.create_sheet("新")
    for row in (["代码", "名称"], ["B01.02", "新名称"]):
        page.append(row)
    book.active = 1
    found = importing.preview(upload(book))
    assert [each.name for each in found.lines] == ["新名称"]
    assert "旧" in " ".join(found.notes)
    assert "新" in " ".join(found.notes)


def test_a_cover_sheet_is_passed_over_and_a_second_table_is_said(upload):
    book = small([["江阴市救助服务目录"], ["2027 年"]], "封面")
    for title in ("正文", "备用"):
        page = book.create_sheet(title)
        for row in (["目录正文"], [], ["代码", "名称"], ["B01.02", f"{title}陪护"]):
            page.append(row)
    found = importing.preview(upload(book))
    assert [(each.number, each.name) for each in found.lines] == [(4, "正文陪护")]
    assert "备用" in " ".join(found.notes)


def test_sheets_that_are_all_hidden_but_a_cover_hold_no_catalog(upload):
    book = small([["封面"]], "封面")
    page = book.create_sheet("目录")
    page.append(["代码", "名称"])
    page.append(["B01.02", "旧名称"])
    page.sheet_state = "veryHidden"
    with pytest.raises(Invalid, match="没有找到表头"):
        upload(book)


def test_a_hidden_row_is_refused_in_words(who, upload, draft):
    book, page = exported(draft)
    put(page, "B01.02", "name", "改了没人看见")
    page.row_dimensions[row_of(page, "B01.02")].hidden = True
    waiting = upload(book)
    assert "隐藏" in refused_words(waiting, "B01.02")
    with pytest.raises(Refused):
        importing.apply(waiting, by=who("minzheng"))


def test_rows_hidden_by_a_filter_or_without_height_are_hidden(upload, draft):
    book, page = exported(draft)
    page.auto_filter.ref = page.dimensions
    at = row_of(page, "B01.01")
    content = saved(book)
    for attribute in (b'hidden="1"', b'ht="0" customHeight="1"', b'hidden="true"'):
        mark = f'<row r="{at}"'.encode()
        flat = edited(content, "xl/worksheets/sheet1.xml", mark, mark + b" " + attribute)
        assert "隐藏" in refused_words(upload(flat), "B01.01")


def test_a_hidden_column_is_refused_in_words(upload, draft):
    book, page = exported(draft)
    page.column_dimensions.group("N", "P", hidden=True)
    with pytest.raises(Invalid) as refusal:
        upload(book)
    assert "隐藏" in str(refusal.value.fields["file"])
    assert LABEL["categories"] in str(refusal.value.fields["file"])


# --- CSV -------------------------------------------------------------------------------------------


def test_a_quote_that_is_not_closed_swallows_no_rows(upload):
    rows = 'B01.01,居家照料,"可填\nB01.02,住院陪护,x\nB01.03,日间照料,y\n'
    with pytest.raises(Invalid, match="引号没有成对"):
        upload(f"代码,名称,包括\n{rows}".encode(), "csv")


@pytest.mark.parametrize(
    "rows",
    [
        'B01.01,居家照料,"可填\nB01.02,住院陪护,x"\nB01.03,日间照料,y\n',
        'B01.01,居家照料,"可填\nB01.02,住院陪护,"x"\nB01.03,日间照料,y\n',
        'B01.01,居家照料,"可填\nB01.02,住院陪护,""\nB01.03,日间照料,"\n',
    ],
)
def test_rows_that_a_quote_has_pulled_into_one_cell_are_seen(upload, rows):
    try:
        waiting = upload(f"代码,名称,包括\n{rows}".encode(), "csv")
    except Invalid as refusal:
        assert "引号" in str(refusal.fields["file"])
    else:
        assert "引号" in refused_words(waiting, "B01.01")


def test_rows_that_are_too_short_or_too_long_are_refused(upload):
    text = "代码,名称,救助类别条件,包括\nB01.01,居家照料\nB01.02,住院,陪护,不限,做饭\nB,照料护理\n"
    waiting = upload(text.encode(), "csv")
    assert "比表头少" in refused_words(waiting, "B01.01")
    assert "比表头多" in refused_words(waiting, "B01.02")
    assert line_of(waiting, "B").verdict == "same"


def test_a_csv_reads_excels_quoted_zeros_and_refuses_its_formulas(upload):
    text = '代码,名称,指导性目录代码\nB01.01,居家照料,"=""010203"""\nB01.02,住院陪护,=A1\n'
    waiting = upload(text.encode(), "csv")
    change = {each.name: each.after for each in line_of(waiting, "B01.01").changes}
    assert change == {"directory_code": "010203"}
    assert "公式" in refused_words(waiting, "B01.02")


# --- who may get it is said -----------------------------------------------------------------------


def csv_of(draft, change) -> bytes:
    """The draft as CSV with its rows changed by a function of (code, row)."""
    rows = list(csv.DictReader(io.StringIO(sheet.as_csv(draft).decode("utf-8-sig"))))
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    for row in rows:
        change(row["代码"], row)
        writer.writerow(row)
    return text.getvalue().encode()


@pytest.mark.parametrize("name", list(OPEN))
def test_a_new_item_says_every_condition_or_that_there_is_none(who, upload, draft, name):
    def emptied(code, row):
        if code == "B01.02":
            row["代码"] = "B01.31"
            row.update({LABEL[each]: word for each, word in OPEN.items()})
            row[LABEL[name]] = ""

    waiting = upload(csv_of(draft, emptied), "csv")
    said = refused_words(waiting, "B01.31")
    assert LABEL[name] in said
    assert OPEN[name] in said
    assert not draft.items.filter(code="B01.31").exists()


def test_a_new_item_that_is_open_to_all_says_so_in_the_preview(who, upload, draft):
    def opened(code, row):
        if code == "B01.02":
            row["代码"] = "B01.31"
            row.update({LABEL[each]: word for each, word in OPEN.items()})

    waiting = upload(csv_of(draft, opened), "csv")
    assert "人人可以申请" in " ".join(line_of(waiting, "B01.31").says)
    importing.apply(waiting, by=who("minzheng"))
    item = draft.items.get(code="B01.31")
    assert (item.categories, item.age_from, item.residence, item.places) == ([], None, "", [])


def test_a_missing_column_of_a_condition_is_not_the_same_as_no_condition(upload, draft):
    def renamed(code, row):
        if code == "B01.02":
            row["代码"] = "B01.31"

    content = csv_of(draft, renamed)
    rows = list(csv.reader(io.StringIO(content.decode())))
    at = rows[0].index(LABEL["categories"])
    text = io.StringIO()
    csv.writer(text).writerows([row[:at] + row[at + 1 :] for row in rows])
    waiting = upload(text.getvalue().encode(), "csv")
    assert LABEL["categories"] in refused_words(waiting, "B01.31")
    assert line_of(waiting, "B01.01").verdict == "same"  # what is there already stays as it is


def test_a_condition_that_is_emptied_is_refused_and_one_that_is_lifted_is_said(who, upload, draft):
    item = next(each for each in draft.items.all() if each.categories)

    def with_(word):
        def change(code, row):
            if code == item.code:
                row[LABEL["categories"]] = word

        return change

    said = refused_words(upload(csv_of(draft, with_("")), "csv"), item.code)
    assert "放宽" in said
    assert "不限" in said
    waiting = upload(csv_of(draft, with_("不限")), "csv")
    line = line_of(waiting, item.code)
    assert line.verdict == "changed"
    assert "放宽" in " ".join(line.says)
    importing.apply(waiting, by=who("minzheng"))
    assert Item.objects.get(pk=item.pk).categories == []


def test_the_page_shows_what_is_widened_and_for_whom_a_new_item_is(client_of, draft):
    item = next(each for each in draft.items.all() if each.categories)

    def change(code, row):
        if code == item.code:
            row[LABEL["categories"]] = "不限"

    client = client_of("minzheng")
    file = SimpleUploadedFile("目录.csv", csv_of(draft, change))
    answer = client.post("/imports/new/upload/", {"edition": draft.pk, "file": file}, follow=True)
    assert "放宽" in answer.content.decode()


# --- whatever a parser raises ----------------------------------------------------------------------


def member(content: bytes, name: str, change) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for each in before.infolist():
            data = before.read(each)
            data = change(data) if each.filename == name else data
            if data is not None:
                after.writestr(each.filename, data)
    return made.getvalue()


def strict(content: bytes) -> bytes:
    """As "Strict Open XML" names its spaces."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for each in before.infolist():
            data = before.read(each)
            for old, new in (
                (
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
                ),
                (
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            ):
                data = data.replace(old, new)
            after.writestr(each.filename, data)
    return made.getvalue()


PARTS = (
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
    "xl/sharedStrings.xml",
)


def encrypted(content: bytes) -> bytes:
    """Every member says that it is encrypted."""
    data = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = data.find(mark)
        while where >= 0:
            data[where + at] |= 1
            where = data.find(mark, where + 4)
    return bytes(data)


def odd_workbooks():
    good = saved(small([["代码", "名称"], ["B01.02", "住院陪护"]]))
    yield "strict", strict(good)
    yield "encrypted", encrypted(good)
    yield "cut off", good[: len(good) // 2]
    yield "only a mark", b"PK\x03\x04"
    for part in PARTS:
        yield f"{part} cut", member(good, part, lambda data: data[: len(data) // 2])
        yield f"{part} gone", member(good, part, lambda data: None)
        yield f"{part} empty", member(good, part, lambda data: b"")
        yield f"{part} no XML", member(good, part, lambda data: b"\xff\xfe\x00nonsense")
        yield f"{part} other XML", member(good, part, lambda data: b"<a><b/></a>")
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    yield "entities", member(good, "xl/worksheets/sheet1.xml", lambda data: bomb)
    text = io.BytesIO()
    with zipfile.ZipFile(text, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
    yield "ods", text.getvalue()


OTHERS = {
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "html": "<html><table><tr><td>代码</td><td>名称</td></tr></table></html>".encode(),
    "xml": b"<?xml version='1.0'?><Workbook/>",
    "empty": b"",
    "utf-16": "代码\t名称\nB01.02\t住院陪护\n".encode("utf-16"),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "rubbish": bytes(range(256)) * 4,
}


def test_whatever_comes_the_page_answers_in_words_and_keeps_nothing(client_of, draft):
    client = client_of("minzheng")
    before = Import.objects.count()
    shown = Item.objects.filter(edition=draft).values_list("code", "name")
    was = list(shown)
    for name, content in (*odd_workbooks(), *OTHERS.items()):
        file = SimpleUploadedFile("目录.xlsx", content)
        answer = client.post("/imports/new/upload/", {"edition": draft.pk, "file": file})
        kept = Import.objects.count() - before
        # A part that does not matter may be missing: then the rows are read as they stand.
        assert (answer.status_code, kept) in ((422, 0), (302, 1)), (name, answer.status_code)
        if kept:
            assert [each.name for each in importing.preview(Import.objects.latest("pk")).lines] == [
                "住院陪护"
            ], name
            Import.objects.latest("pk").delete()
        else:
            assert any("\u4e00" <= each <= "\u9fff" for each in answer.content.decode()), name
    assert list(shown) == was


def test_a_workbook_with_bytes_changed_at_random_never_breaks_the_upload(upload):
    random_ = random.Random(860)
    good = saved(small([["代码", "名称", "年龄下限(岁)"], ["B01.02", "住院陪护", 60]]))
    for _ in range(120):
        data = bytearray(good)
        for _ in range(random_.choice((1, 3, 20))):
            data[random_.randrange(len(data))] = random_.randrange(256)
        try:
            importing.preview(upload(bytes(data)))
        except Invalid as refusal:
            assert str(refusal.fields["file"])


def test_parts_of_a_workbook_garbled_at_random_never_break_the_upload(upload):
    random_ = random.Random(2026)
    good = saved(small([["代码", "名称", "年龄下限(岁)"], ["B01.02", "住院陪护", 60]]))

    def garbled(data: bytes) -> bytes:
        made = bytearray(data)
        for _ in range(random_.choice((1, 2, 8))):
            made[random_.randrange(len(made))] = random_.choice(b"<>&\"'09aZ=/ \x00\xff")
        return bytes(made)

    for n in range(120):
        try:
            importing.preview(upload(member(good, PARTS[n % 3], garbled)))
        except Invalid as refusal:
            assert str(refusal.fields["file"])


# --- small files that hold large ones --------------------------------------------------------------

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"


def with_shared(texts: bytes, cells: bytes = b"") -> bytes:
    """A workbook whose texts stand apart, as Excel writes them; ``cells`` are further rows."""
    made = io.BytesIO()
    good = saved(small([["代码", "名称"], ["B01.02", "住院陪护"]]))
    with (
        zipfile.ZipFile(io.BytesIO(good)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.infolist():
            data = before.read(each)
            if each.filename == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
                override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                data = data.replace(b"</Types>", override.encode())
            if each.filename == SHEET:
                data = data.replace(b"</sheetData>", cells + b"</sheetData>")
            after.writestr(each.filename, data)
        after.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SPREADSHEET}">'.encode() + texts + b"</sst>")
    return made.getvalue()


def test_texts_that_stand_apart_are_read_as_excel_writes_them(upload):
    texts = "<si><t>B01.03</t></si><si><r><t>日间</t></r><r><rPr><b/></rPr><t>照料</t></r></si>"
    row = b'<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c></row>'
    lines = importing.preview(upload(with_shared(texts.encode(), row))).lines
    assert [(each.code, each.name) for each in lines][-1] == ("B01.03", "日间照料")


def large_ones():
    good = saved(small([["代码", "名称"], ["B01.02", "住院陪护"]]))

    def part(name, before, many):
        def change(data):
            assert before in data
            return data.replace(before, many + before)

        made = io.BytesIO(member(good, name, change))
        return made.getvalue()

    letters, end = b"a" * 40_000_000, b"</sheetData>"
    cell = b'<row r="3"><c r="A3" t="inlineStr"><is><t>%b</t></is></c></row>'
    yield "one shared text", "文字太长", with_shared(b"<si><t>" + letters + b"</t></si>")
    yield (
        "one shared text of runs",
        "文字太长",
        with_shared(
            b"<si>"
            + b"<r><rPr><b/></rPr><t>"
            + b"a" * 20_000
            + b"</t></r>"
            + (b"<r><t>" + b"a" * 20_000 + b"</t></r>") * 200
            + b"</si>"
        ),
    )
    yield "shared texts", "格子太多", with_shared(b"<si><t>a</t></si>" * 800_000)
    yield "one cell", "文字太长", part(SHEET, end, cell % letters)
    yield "one row", "格子太多", part(SHEET, end, b'<row r="3">' + b"<c/>" * 3_000_000 + b"</row>")
    rows = b"".join(b'<row r="%d">%b</row>' % (n, b"<c/>" * 100) for n in range(3, 4500))
    yield "rows", "格子太多", part(SHEET, end, rows)
    yield "styles", "样式", part(STYLES, b"</cellXfs>", b"<xf/>" * 500_000)
    yield "fonts", "样式", part(STYLES, b"</fonts>", b"<font/>" * 500_000)
    yield "sheets", "工作表太多", part(BOOK, b"</sheets>", b'<sheet name="a" sheetId="1"/>' * 5000)
    yield "deep", "打不开", part(SHEET, end, b"<a>" * 100_000 + b"</a>" * 100_000)
    yield "a long tag", "打不开", part(SHEET, end, b'<row x="' + letters + b'"></row>')
    yield "the same row twice", "打不开", part(SHEET, end, b'<row r="2"><c r="A2"/></row>')


def test_a_small_file_that_holds_a_large_one_is_refused_before_it_is_read(upload):
    for name, words, content in large_ones():
        with pytest.raises(Invalid) as refusal:
            upload(content)
        assert words in str(refusal.value.fields["file"]), name


@pytest.mark.parametrize("text", ["," * 3_000_000, "B01.02," + "长" * 200_000])
def test_a_line_of_a_text_file_is_no_bomb_either(upload, text):
    with pytest.raises(Invalid) as refusal:
        upload(f"代码,名称\n{text}\n".encode(), "csv")
    assert "太多" in str(refusal.value) or "太长" in str(refusal.value)


def test_empty_rows_at_the_end_are_passed_over(upload):
    """Sheets whose columns were given a format have rows to the very end."""
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 120_000))
    long = member(
        saved(small([["代码", "名称"], ["B01.02", "住院陪护"]])),
        SHEET,
        lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>"),
    )
    csv_ = "代码,名称\nB01.02,住院陪护\n" + ",\n" * 100_000
    for content, kind in ((long, "xlsx"), (csv_.encode(), "csv")):
        lines = importing.preview(upload(content, kind)).lines
        assert [(each.code, each.name) for each in lines] == [("B01.02", "住院陪护")]


def test_the_export_says_that_there_is_no_condition_and_is_the_same_when_it_comes_back(upload, draft):
    law = Edition.objects.in_force().get()
    rows = list(csv.DictReader(io.StringIO(sheet.as_csv(law).decode("utf-8-sig"))))
    for row in rows:
        if "." in row["代码"]:
            assert all(row[LABEL[name]] for name in OPEN), row["代码"]
    for content, kind in ((sheet.as_xlsx(law), "xlsx"), (sheet.as_csv(law), "csv")):
        lines = importing.preview(upload(content, kind)).lines
        assert {each.verdict for each in lines} == {"same"}
