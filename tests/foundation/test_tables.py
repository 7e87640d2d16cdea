"""The table of a list: what it escapes, folds and links."""

from __future__ import annotations

from operator import itemgetter
from types import SimpleNamespace

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from foundation.journal.models import Entry
from foundation.ui.tables import Column, filters, narrowed, table


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
    assert '<td class="title-cell">甲 </td><td data-label="所在地">乙</td>' in shown


def test_money_stands_at_the_right_and_every_cell_carries_its_label():
    shown = table((Column("名称", itemgetter(0)), Column("金额", itemgetter(1), "money")), [("甲", "1.00")])
    assert '<th class="money">金额</th>' in shown
    assert '<td class="money" data-label="金额">1.00</td>' in shown


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
