"""Typed text has one form, whatever keyboard, paper or chat it came from."""

# typography: as typed
from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.forms import typed

INVISIBLE = "\u200b\u200d\u2060\ufeff\u202d\u202e\u2066\u00ad\u180e\u3164\x07\x1f"


def wide(text: str) -> str:
    """The text as an input method types it when it is left on."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


@pytest.mark.parametrize("marks", [typed.COMMAS, typed.BARS, typed.COLONS, typed.YUAN_SIGNS, typed.BRACKETS])
def test_marks_that_look_alike_are_different_characters_in_the_source(marks):
    assert len(set(marks)) == len(marks)
    assert len({unicodedata.normalize("NFKC", mark) for mark in marks}) * 2 == len(marks)
    assert any(ord(mark) > 0xFF00 for mark in marks)


@given(st.text(alphabet="0123456789XABCDEF.:", min_size=1), st.data())
def test_a_code_is_the_same_however_wide_and_with_whatever_nobody_sees(text, data):
    drawn = data.draw(st.lists(st.sampled_from(["", *INVISIBLE, " ", "\u3000", "-", "\u2014"])))
    odd = "".join(
        (wide(each) if number % 2 else each) + (drawn[number] if number < len(drawn) else "")
        for number, each in enumerate(text)
    )
    assert typed.code(odd) == typed.code(text) == text


@given(st.text())
def test_every_form_is_its_own_form(text):
    for form in (typed.prose, typed.line, typed.folded, typed.code, typed.compared):
        assert form(form(text)) == form(text)


def test_a_line_keeps_its_punctuation_and_prose_its_lines():
    assert typed.line(" 李\u200b明\uff08小\uff09\uff0c\uff21\uff11 ") == "李明\uff08小\uff09\uff0cA1"
    assert typed.prose("一\uff0c\r\n\t二\u202e\x00") == "一\uff0c\n\t二"


def test_a_rare_character_of_a_name_stays():
    for name in ("\U000323af", "𬭚", "䶮", "\ue000"):
        assert typed.line(name) == typed.folded(name) == name


def test_names_are_compared_without_spaces_case_and_kinds_of_dots():
    names = ("阿依\u00b7古丽", "阿依\u2022古丽", "阿依\u30fb古 丽", "阿依\uff65古丽\u200b")
    assert len({typed.compared(name) for name in names}) == 1
    assert typed.compared("李明") != typed.compared("李萍")


@pytest.mark.parametrize("text", ["\x00", "a\ud83d", "\udfffb", "甲\ufdd0"])
def test_what_no_database_takes_is_known(text):
    assert typed.cannot_be_kept(text)
    assert not typed.cannot_be_kept("甲\ufffd😀")


@pytest.mark.parametrize(
    "text,found",
    [
        ("7", 7),
        ("007", 7),
        ("\u00b2", None),
        ("\uff17", None),
        ("\u0663", None),
        ("", None),
        (" 7", None),
        ("7\n", None),
        ("-1", None),
        ("+1", None),
        ("1_0", None),
        ("9" * 19, None),
        (10**30, None),
        (7, 7),
        (None, None),
        ("abc", None),
    ],
)
def test_a_number_in_an_address_is_plain_digits_and_no_longer_than_a_key(text, found):
    assert typed.whole_number(text) == found


@pytest.mark.parametrize(
    "text,number,rest",
    [
        ("1,000 人", "1000", "人"),
        ("1\uff0c000人", "1000", "人"),
        (wide("1,234,567.50"), "1234567.50", ""),
        ("12 345 小时", "12345", "小时"),
        ("5工作日", "5", "工作日"),
        ("-3.5 度", "-3.5", "度"),
        ("30,完整", "30", ",完整"),
    ],
)
def test_a_number_is_read_to_its_end(text, number, rest):
    assert typed.leading_number(text) == (Decimal(number), rest)


@pytest.mark.parametrize("text", ["1,5 天", "12,50", "1,2000", "1.2.3", "1,200,30", "人", "\u00bd", "12 50"])
def test_a_number_of_which_nobody_knows_what_was_meant_is_none(text):
    assert typed.leading_number(text) is None


@pytest.mark.parametrize(
    "text,amount",
    [
        ("1200", "1200"),
        ("1,200元", "1200"),
        ("\uffe51\uff0c200.50", "1200.50"),
        ("1.2万元", "12000"),
        ("1200.000", "1200"),
        ("3 万", "30000"),
        ("人民币300圆整", "300"),
        ("0.5亿", "50000000"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text, amount):
    assert typed.amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["1E+3", "12,50", "10\u00b2", "1200元5角", "一百", "", "NaN", "1,5万"])
def test_what_is_no_amount_is_none(text):
    assert typed.amount(text) is None


def test_an_amount_in_ten_thousands_is_written_as_it_is_read():
    for text, written in (("1.2万", "12000"), ("1万元", "10000"), ("1.23456万", "12345.6")):
        assert str(typed.amount(text)) == written
        assert typed.amount(written) == typed.amount(text)
    assert typed.amount("9" * 40 + "万") > 10**40
