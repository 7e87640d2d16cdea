"""Cells as offices make them: what cannot be read is said, and never taken as an empty cell."""

# typography: as typed
from __future__ import annotations

from datetime import datetime, time

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment

from catalog.sheets import importing
from foundation.refusals import Invalid, Refused
from tests.catalog.sheets import COLUMN, LABEL, edited, exported, line_of, put, refused_words, row_of, saved


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


@pytest.mark.parametrize("typed", ["B01\uff0e02", "b\uff101.02", "\uff2201.02", "B01 .02", "B01\u200b.02"])
def test_a_code_is_the_same_however_wide_it_is(upload, draft, typed):
    book, page = exported(draft)
    put(page, "B01.02", "code", typed)
    waiting = upload(book, replace=True)
    assert line_of(waiting, "B01.02").verdict == "same"
    assert not [line.code for line in importing.preview(waiting).lines if line.verdict != "same"]


def test_a_code_twice_in_two_widths_is_a_double_code(who, upload, draft):
    book, _page = exported(draft, "B01\uff0e02")
    waiting = upload(book)
    faults = [fault for line in importing.preview(waiting).lines for fault in line.faults]
    assert faults == ["代码在文件中重复。"]
    with pytest.raises(Refused):
        importing.apply(waiting, by=who("minzheng"))


def test_a_heading_is_one_however_wide_its_code_is(upload, draft):
    book, page = exported(draft)
    put(page, "B01", "code", "\uff22\uff10\uff11")
    assert line_of(upload(book), "B01").verdict == "same"
