"""Fields take what people type, whatever keyboard, paper or chat it came from."""

# typography: as typed
from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.starter.cases import id_number
from foundation import moments, wording
from foundation.forms.fields import (
    CountField,
    CreditCodeField,
    DayField,
    HourField,
    IdNumberField,
    MoneyField,
    NumberField,
    PhoneField,
)
from tests.foundation.inputs import VALID_CODE, VALID_ID, fault, wide

X_NUMBER = next(n for n in (id_number("1950-01-01", "M", s) for s in range(200)) if n[-1] == "X")


@pytest.mark.parametrize("number", [VALID_ID, X_NUMBER])
def test_an_identity_number_is_one_number_however_it_is_typed(number):
    spelled = [
        wide(number),
        number[:6] + wide(number[6:14]) + number[14:],
        number[:-1] + wide(number[-1]),
        wide(number.lower()),
        f"\ufeff{number[:3]}\u200b{number[3:]}\u202d",
        f"\u3000{number[:6]}\u00a0{number[6:]}",
        f"{number[:6]}\u2014{number[6:14]}\uff0d{number[14:]}",
        "\u2060".join(number),
    ]
    assert {IdNumberField().clean(each) for each in spelled} == {number}


@pytest.mark.parametrize(
    "odd",
    [
        VALID_ID.translate(
            str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669")
        ),
        VALID_ID.replace("1", "\u00b9"),
        VALID_ID.replace("2", "\u2461"),
        VALID_ID.replace("0", "\u3007"),
        VALID_ID.replace("6", "\U0001d7ce"),
    ],
)
def test_other_kinds_of_digits_make_no_number(odd):
    assert "校验不通过" in fault(IdNumberField(), odd)


def test_nobody_alive_was_born_before_1900():
    assert "太早" in fault(IdNumberField(), id_number("1850-05-05", "F", 3))


def test_a_credit_code_is_one_code_however_it_is_typed():
    assert CreditCodeField().clean(wide(VALID_CODE)) == VALID_CODE
    assert CreditCodeField().clean(f"\u200e{VALID_CODE.lower()}\u200b") == VALID_CODE
    assert "校验不通过" in fault(CreditCodeField(), "0" * 18)


@pytest.mark.parametrize(
    "typed_,kept",
    [
        ("+86 138 0000 0000", "13800000000"),
        ("86-13800000000", "13800000000"),
        ("008613800000000", "13800000000"),
        ("+86 510 8686 0000", "051086860000"),
        ("(0510)8686-0000", "051086860000"),
        (wide("(0510)86860000"), "051086860000"),
        ("0510-86860000-801", "051086860000-801"),
        ("86860000转801", "86860000-801"),
        ("86860000 分机 8", "86860000-8"),
        ("400-810-0000", "4008100000"),
        (wide("13812345678"), "13812345678"),
        ("1\uff13\uff1812345678", "13812345678"),
        ("138\u200b1234\ufeff5678", "13812345678"),
        ("010-62345678", "01062345678"),
    ],
)
def test_a_phone_is_kept_as_the_digits_that_one_dials(typed_, kept):
    assert PhoneField().clean(typed_) == kept
    assert PhoneField().clean(kept) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        "00000000000",
        "11111111111",
        "13800000000、13900000000",
        "0000",
        "12345678901234",
        "1380000000",
        "01234567890",
        "\u0661" * 11,
    ],
)
def test_what_nobody_can_dial_is_no_phone(wrong):
    assert fault(PhoneField(), wrong)


@pytest.mark.parametrize(
    "typed_,amount",
    [
        ("\uffe51200", "1200"),
        ("1\uff0c200", "1200"),
        (wide("1,200.50"), "1200.50"),
        ("1,234,567.8元", "1234567.80"),
        ("1200.000", "1200"),
        ("1.2万", "12000"),
        ("1.2万元", "12000"),
        ("1 200", "1200"),
        ("\u200b88.8\ufeff", "88.80"),
    ],
)
def test_money_is_read_from_every_keyboard(typed_, amount):
    assert MoneyField().clean(typed_) == Decimal(amount)


@pytest.mark.parametrize(
    "wrong",
    [
        "12,50",
        "1,2000",
        "1E+3",
        "1e3",
        "1,200,30",
        "12 50",
        "1200元5角",
        "\u0661\u0662",
        "10\u00b2",
        "1_000",
        "0x10",
        "1,5万",
    ],
)
def test_an_amount_of_which_nobody_knows_what_was_meant_is_refused(wrong):
    assert "例如 1200" in fault(MoneyField(), wrong)


@pytest.mark.parametrize(
    "typed_,count",
    [
        ("1,200", 1200),
        ("1\uff0c200", 1200),
        (wide("12"), 12),
        ("12.0", 12),
        ("1万", None),
        ("1_0", None),
        ("1,20", None),
        ("1e3", None),
    ],
)
def test_a_count_is_read_like_an_amount(typed_, count):
    if count is None:
        assert "整数" in fault(CountField(), typed_)
    else:
        assert CountField().clean(typed_) == count


def test_points_are_read_like_an_amount_too():
    field = NumberField(max_digits=6, decimal_places=2)
    assert field.clean(wide("7.5")) == Decimal("7.5")
    assert field.clean("1,200.50") == Decimal("1200.5")
    assert fault(field, "7,5")
    assert fault(field, "7.555")


@pytest.mark.parametrize(
    "typed_",
    [
        "2026-03-05 00:00:00",
        "2026-03-05T00:00:00",
        wide("2026-3-5"),
        "2026\u30023\u30025",
        "2026年3月5日(周四)",
        wide("2026/03/05"),
        "2026年3月5日 星期四",
        "5 Mar 2026 (Thu)",
        "\u200e2026-03-05\u200b",
        wide("20260305"),
    ],
)
def test_a_day_is_read_from_sheets_and_from_our_own_pages(typed_):
    assert DayField().clean(typed_) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        "0026-03-05",
        "26-3-5",
        "1899-12-31",
        "9999-01-01",
        "2026-03-05 09:30",
        "2026-3-5-1",
        "\u0662\u0660\u0662\u0666-3-5",
    ],
)
def test_a_slip_of_the_hand_is_no_day(wrong):
    assert fault(DayField(), wrong)


def test_a_day_without_a_year_is_the_nearest_that_makes_sense():
    with moments.as_of(datetime(2026, 1, 3, tzinfo=moments.SHANGHAI)):
        assert DayField().clean("12-31") == date(2026, 12, 31)
        assert DayField(ahead=False).clean("12-31") == date(2025, 12, 31)
        assert DayField(ahead=False).clean("1月3日") == date(2026, 1, 3)
        assert DayField(ahead=True).clean("1月2日") == date(2027, 1, 2)


@pytest.mark.parametrize(
    "typed_", ["9:30", "9\uff1a30", "09:30", "9点30分", "9点30", wide("09:30"), "9 : 30"]
)
def test_a_time_of_day_is_read_as_people_write_it(typed_):
    assert HourField().clean(typed_) == time(9, 30)


@given(st.decimals(Decimal("0.01"), Decimal("999999999.99"), places=2))
def test_every_amount_that_we_write_is_read(amount):
    assert MoneyField().clean(wording.money(amount)) == amount
    assert MoneyField().clean(wide(wording.money(amount)) + "元") == amount


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.sampled_from(["zh-hans", "en"]))
def test_every_day_that_we_write_is_read(day, language):
    from django.utils import translation

    with translation.override(language):
        assert DayField().clean(wording.day(day)) == day
