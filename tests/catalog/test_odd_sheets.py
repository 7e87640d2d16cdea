"""Hidden rows, several tables, torn lines: what a sheet keeps from the eye is said and not taken."""

# typography: as typed
from __future__ import annotations

import pytest

from catalog.sheets import importing
from foundation.refusals import Invalid, Refused
from tests.catalog.sheets import LABEL, edited, exported, line_of, put, refused_words, row_of, saved, small


def test_the_visible_sheet_is_read_and_not_the_hidden_one(upload):
    book = small([["代码", "名称"], ["B01.02", "旧名称"]], "旧")
    book.active.sheet_state = "hidden"
    page = book.create_sheet("新")
    for row in (["代码", "名称"], ["B01.02", "新名称"]):
        page.append(row)
    book.active = 1
    found = importing.preview(upload(book))
    assert [line.name for line in found.lines] == ["新名称"]
    assert "旧" in " ".join(found.notes)
    assert "新" in " ".join(found.notes)


def test_a_cover_sheet_is_passed_over_and_a_second_table_is_said(upload):
    book = small([["江阴市救助服务目录"], ["2027 年"]], "封面")
    for title in ("正文", "备用"):
        page = book.create_sheet(title)
        for row in (["目录正文"], [], ["代码", "名称"], ["B01.02", f"{title}陪护"]):
            page.append(row)
    found = importing.preview(upload(book))
    assert [(line.number, line.name) for line in found.lines] == [(4, "正文陪护")]
    assert "备用" in " ".join(found.notes)


def test_sheets_that_are_all_hidden_but_a_cover_hold_no_catalog(upload):
    book = small([["封面"]], "封面")
    page = book.create_sheet("目录")
    page.append(["代码", "名称"])
    page.append(["B01.02", "旧名称"])
    page.sheet_state = "veryHidden"
    with pytest.raises(Invalid, match="“目录”是隐藏的"):
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
