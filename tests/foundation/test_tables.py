"""The table of a list: what it escapes, folds and links."""

from __future__ import annotations

from operator import itemgetter
from types import SimpleNamespace

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from foundation.journal.models import Entry
from foundation.ui.tables import Column, drawn, filters, narrowed, or_dash, table


def columns(*labels: str) -> tuple[Column, ...]:
    """A column for each label, the cells of which are the parts of a row."""
    return tuple(Column(label, itemgetter(place)) for place, label in enumerate(labels))


def test_what_people_typed_is_escaped_in_every_cell():
    bad = "<b>'\"&"
    shown = table(columns(bad, bad), [(bad, bad)], address=lambda row: f"/x/{bad}/", mark=lambda row: bad)
    assert "<b>" not in shown
    assert shown.count("&lt;b&gt;&#x27;&quot;&amp;") == 7


def test_a_safe_cell_is_drawn_as_it_is():
    assert "<i>1</i>" in table(columns("a", "b"), [("x", SafeString("<i>1</i>"))])


@given(st.text(alphabet="{}%ab0", min_size=1, max_size=8))
def test_braces_in_labels_and_cells_are_only_text(text):
    shown = table(columns(text, text), [(text, text)], address=lambda row: text)
    assert shown.count(f">{text}</") == 4
    assert f'<td data-label="{text}">{text}</td>' in shown


def test_a_row_without_an_address_has_no_link():
    assert "<a" not in table(columns("a"), [("x",)])
    assert "<a" not in table(columns("a"), [("x",)], address=lambda row: "")


def test_a_cell_may_be_the_attribute_of_an_attribute():
    row = SimpleNamespace(name="甲", place=SimpleNamespace(name="乙"))
    shown = table((Column("名称", "name"), Column("所在地", "place.name")), [row])
    assert '<td class="title-cell">甲</td><td data-label="所在地">乙</td>' in shown


def test_money_stands_at_the_right_and_every_cell_carries_its_label():
    shown = table((Column("名称", itemgetter(0)), Column("金额", itemgetter(1), "money")), [("甲", "1.00")])
    assert '<th class="money">金额</th>' in shown
    assert '<td class="money" data-label="金额">1.00</td>' in shown


def test_another_column_may_name_the_row():
    shown = table(columns("代码", "名称"), [("A", "甲")], address=lambda row: "/a/", names=1)
    assert '<td data-label="代码">A</td><td class="title-cell"><a href="/a/">甲</a></td>' in shown


def test_where_no_column_names_the_row_every_cell_has_its_label():
    shown = table(columns("日期", "内容"), [("1", "甲")], names=None)
    assert '<td data-label="日期">1</td><td data-label="内容">甲</td>' in shown


def test_a_cell_may_have_another_label_on_a_phone_or_none():
    wide = Column("得分（95% 区间）", itemgetter(1), on_phone="得分")
    bare = Column("操作", itemgetter(2), on_phone="")
    shown = table((Column("名称", itemgetter(0)), wide, bare), [("甲", "1", "x")])
    assert '<td data-label="得分">1</td><td>x</td>' in shown


def test_a_table_that_stays_one_on_a_phone_needs_no_labels():
    shown = table(columns("等级", "数"), [("甲", "1")], stacked=False, plain=True)
    assert '<div class="table-sheet plain-table">' in shown
    assert "<td>甲</td><td>1</td>" in shown


def test_a_dash_stands_where_there_is_nothing_but_not_for_zero():
    assert [or_dash(value) for value in (None, "", 0, "甲")] == ["—", "—", 0, "甲"]


def test_a_form_in_a_cell_is_signed_for_its_reader(rf):
    text = SimpleNamespace(pk=1, expired=False)
    cell = drawn("foundation/messaging/send_again.html", "text", rf.get("/"))
    assert 'name="csrfmiddlewaretoken"' in cell(text)


@pytest.mark.parametrize("chosen", ["", "b"])
def test_the_chosen_filter_is_marked_and_only_it(chosen):
    shown = filters([("a", "甲"), ("b", "乙")], chosen)
    assert shown.count("aria-current") == 1
    address = f"?status={chosen}" if chosen else "?"
    assert f'href="{address}" aria-current="true"' in shown


def test_a_list_is_narrowed_by_every_field_that_the_address_names(rf):
    choices = {"move": [("a", "甲"), ("b", "乙")], "role": [("c", "丙")]}
    found, shown = narrowed(Entry.objects.all(), rf.get("/?move=a&role=c&other=x"), **choices)
    assert len(found.query.where.children) == 2
    assert 'href="?role=c&amp;move=b"' in shown
    assert 'href="?role=c"' in shown


def test_a_value_that_is_no_choice_narrows_nothing(rf):
    found, shown = narrowed(Entry.objects.all(), rf.get("/?move=x"), move=[("a", "甲")])
    assert not found.query.where.children
    assert 'href="?" aria-current="true"' in shown
