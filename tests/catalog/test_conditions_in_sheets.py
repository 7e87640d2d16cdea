"""Who may get an item is said in a sheet: a missing condition is not taken for none."""

# typography: as typed
from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.editions.models import Edition
from catalog.items.models import Item
from catalog.sheets import importing, writing
from tests.catalog.sheets import LABEL, line_of, refused_words

OPEN = {
    "categories": "不限",
    "age_from": "不限",
    "age_to": "不限",
    "disability": "不限",
    "income_percent": "不限",
    "residence": "不限",
    "places": "全市",
}


def csv_of(draft, change) -> bytes:
    """The draft as CSV with its rows changed by a function of (code, row)."""
    rows = list(csv.DictReader(io.StringIO(writing.as_csv(draft).decode("utf-8-sig"))))
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


def test_the_export_says_that_there_is_no_condition_and_is_the_same_when_it_comes_back(upload, draft):
    law = Edition.objects.in_force().get()
    rows = list(csv.DictReader(io.StringIO(writing.as_csv(law).decode("utf-8-sig"))))
    for row in rows:
        if "." in row["代码"]:
            assert all(row[LABEL[name]] for name in OPEN), row["代码"]
    for content, kind in ((writing.as_xlsx(law), "xlsx"), (writing.as_csv(law), "csv")):
        lines = importing.preview(upload(content, kind)).lines
        assert {line.verdict for line in lines} == {"same"}
