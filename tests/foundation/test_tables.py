"""The table of a list: what it escapes, folds and links."""

from __future__ import annotations

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from foundation.journal.models import Entry
from foundation.pages.tables import Line, filters, narrowed, table


def test_what_people_typed_is_escaped_in_every_cell():
    bad = "<b>'\"&"
    shown = table((bad, bad), [Line(f"/x/{bad}/", bad, (bad,), bad)])
    assert "<b>" not in shown
    assert shown.count("&lt;b&gt;&#x27;&quot;&amp;") == 7


def test_a_safe_cell_is_drawn_as_it_is():
    assert "<i>1</i>" in table(("a", "b"), [Line("", "x", (SafeString("<i>1</i>"),))])


@given(st.text(alphabet="{}%ab0", min_size=1, max_size=8))
def test_braces_in_labels_and_cells_are_only_text(text):
    shown = table((text, text), [Line(text, text, (text,))])
    assert shown.count(f">{text}</") == 4
    assert f'<td data-label="{text}">{text}</td>' in shown


def test_a_line_without_an_address_has_no_link():
    assert "<a" not in table(("a",), [Line("", "x", ())])


def test_money_stands_at_the_right_and_every_cell_carries_its_label():
    shown = table(("名称", "金额"), [Line("/a/", "甲", ("1.00",))], sums=(1,))
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
