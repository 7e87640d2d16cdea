"""Fields take what people type and say how to mend what is wrong."""

# typography: as typed
from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from demo.starter.cases import id_number
from foundation import moments, wording
from foundation.forms import typed as forms_typed
from foundation.forms.actions import ActionForm
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
from foundation.forms.uploads import UploadField

VALID_ID = "360426199101010071"
VALID_CODE = "91110000600037341L"


def fault(field: forms.Field, value: object) -> str:
    with pytest.raises(forms.ValidationError) as found:
        field.clean(value)
    return " ".join(found.value.messages)


@pytest.mark.parametrize(
    "typed", [VALID_ID, " 360426 19910101 0071 ", "360426-19910101-0071", VALID_ID.lower()]
)
def test_an_identity_number_is_read_as_people_type_it(typed):
    assert IdNumberField().clean(typed) == VALID_ID


def test_a_final_x_may_be_small():
    number = next(n for n in (id_number("1950-01-01", "M", s) for s in range(200)) if n[-1] == "X")
    assert IdNumberField().clean(number.lower()) == number


@pytest.mark.parametrize(
    "typed,words",
    [
        ("36042619910101007", "17 位"),
        (VALID_ID[:-1] + "2", "校验不通过"),
        ("360426199113010079", "校验不通过"),  # month 13
        ("36042619910101007a1", "19 位"),
        ("三六零四二六一九九一零一零一零零七一", "校验不通过"),
        ("36042619910101OO71", "校验不通过"),
    ],
)
def test_a_wrong_identity_number_is_told_with_what_to_look_at(typed, words):
    assert words in fault(IdNumberField(), typed)


def test_a_birth_date_in_the_future_is_told():
    number = id_number("2031-05-05", "F", 3)
    with moments.as_of(datetime(2026, 3, 2, tzinfo=moments.SHANGHAI)):
        assert "将来" in fault(IdNumberField(), number)


@given(
    day=st.dates(date(1900, 1, 1), date(2025, 12, 31)), sex=st.sampled_from("MF"), serial=st.integers(0, 499)
)
def test_every_number_of_the_right_form_is_taken_and_any_changed_digit_is_not(day, sex, serial):
    number = id_number(day.isoformat(), sex, serial)
    assert IdNumberField().clean(number) == number
    wrong = number[:5] + str((int(number[5]) + 1) % 10) + number[6:]
    assert "校验不通过" in fault(IdNumberField(), wrong)


def test_a_credit_code_is_read_and_its_check_character_verified():
    assert CreditCodeField().clean(" 9111 0000 6000 3734 1l") == VALID_CODE
    assert "校验不通过" in fault(CreditCodeField(), VALID_CODE[:-1] + "M")
    assert "15 位" in fault(CreditCodeField(), "110000600037341")


@pytest.mark.parametrize(
    "typed", ["2026-3-5", "2026.3.5", "2026/03/05", "2026年3月5日", "2026 年 3 月 5 号", "20260305", "3月5日"]
)
def test_a_day_is_read_as_people_write_it(typed):
    with moments.as_of(datetime(2026, 1, 2, tzinfo=moments.SHANGHAI)):
        assert DayField().clean(typed) == date(2026, 3, 5)


@pytest.mark.parametrize("typed", ["2026-13-01", "2026-2-30", "明天", "5", "2026"])
def test_what_is_no_day_is_told_with_an_example(typed):
    assert "2026年3月5日" in fault(DayField(), typed)


@pytest.mark.parametrize(
    "typed,amount", [("1200", "1200"), ("1,200.50", "1200.50"), ("1,200 元", "1200"), ("¥88.8", "88.8")]
)
def test_money_is_read_as_people_write_it(typed, amount):
    assert MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed,words",
    [
        ("-5", "不能小于"),
        ("0", "不能小于"),
        ("1000000000", "不能大于"),
        ("12.345", ""),
        ("一百", "例如 1200"),
        ("1e99", ""),
        ("NaN", ""),
    ],
)
def test_money_that_is_negative_too_large_or_no_number_is_refused(typed, words):
    assert words in fault(MoneyField(), typed)


def test_counts_are_whole_and_in_bounds():
    assert CountField().clean("12") == 12
    assert "整数" in fault(CountField(), "1.5")
    assert "不能小于" in fault(CountField(), "0")
    assert "不能大于" in fault(CountField(most=30), "31")


@pytest.mark.parametrize("typed", ["138 0000 0000", "0510-86200001", "86200001"])
def test_phones_are_read_as_people_type_them(typed):
    assert PhoneField().clean(typed).isdigit()


def test_a_wrong_phone_is_told():
    assert "11 位" in fault(PhoneField(), "12345")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_judged_by_its_content_not_its_name():
    field = UploadField(kinds=("pdf", "png"))
    assert field.clean(upload("a.pdf", b"%PDF-1.7 ..."))
    assert "PDF、PNG" in fault(field, upload("a.pdf", b"MZ\x90\x00"))
    assert "不能超过" in fault(
        UploadField(kinds=("pdf",), largest_mib=1), upload("a.pdf", b"%PDF-" + b"0" * 1_100_000)
    )


# --- whatever keyboard, paper or chat it came from ---------------------------------------


def wide(text: str) -> str:
    """The text as an input method types it when it is left on."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


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


class Everything(ActionForm):
    """A field of each kind."""

    name = forms.CharField(max_length=10)
    story = forms.CharField(widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("B01", "x"), ("\uff21", "y")])
    agreed = forms.BooleanField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput)


GIVEN = {
    "name": "李\u200b明",
    "story": "一\uff0c\r\n二\u202e",
    "kind": "\uff22\uff10\uff11",
    "secret": "\uff41b ",
}


def test_a_form_reads_every_field_in_its_form():
    form = Everything(GIVEN)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "name": "李明",
        "story": "一\uff0c\n二",
        "kind": "B01",
        "agreed": False,
        "secret": "\uff41b",
    }
    assert Everything({**GIVEN, "kind": "\uff21"}).is_valid()


@pytest.mark.parametrize("name", list(GIVEN))
@pytest.mark.parametrize("odd", ["a\x00b", "\ud83d", f"a{forms_typed.GAP}"])
def test_a_form_refuses_what_cannot_be_kept_at_its_field(name, odd):
    form = Everything({**GIVEN, name: odd})
    assert not form.is_valid()
    assert list(form.errors) == [name]
    assert "不能保存的字符" in str(form.errors)


def test_a_name_of_nothing_that_is_seen_is_no_name():
    assert "请填写" in str(Everything({**GIVEN, "name": "\u200b\u3164\u2800 "}).errors["name"])


@pytest.mark.parametrize(
    "word,holds",
    [
        ("on", True),
        ("true", True),
        ("1", True),
        ("False", False),
        ("no", False),
        ("\uff2f\uff2e", True),
        ("否", False),
        ("", False),
        ("n", None),
        ("maybe", None),
        ("False x", None),
    ],
)
def test_a_box_is_ticked_by_no_other_word(word, holds):
    form = Everything({**GIVEN, "agreed": word})
    assert form.is_valid() == (holds is not None)
    if holds is not None:
        assert form.cleaned_data["agreed"] is holds
