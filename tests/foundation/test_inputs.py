"""Fields take what people type and say how to mend what is wrong."""

# typography: as typed
from __future__ import annotations

import struct
import zlib
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter

from demo.starter.cases import id_number
from demo.starter.provider_documents import PAGE
from foundation import moments
from foundation.forms import typed as forms_typed
from foundation.forms.actions import ActionForm
from foundation.forms.fields import (
    CountField,
    CreditCodeField,
    DayField,
    IdNumberField,
    MoneyField,
    PhoneField,
)
from foundation.forms.uploads import UploadField
from tests.foundation.inputs import VALID_CODE, VALID_ID, fault


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
    assert field.clean(upload("a.pdf", PAGE))
    assert "PDF、PNG" in fault(field, upload("a.pdf", b"MZ\x90\x00"))
    assert "不能超过" in fault(
        UploadField(kinds=("pdf",), largest_mib=1), upload("a.pdf", PAGE + b"0" * 1_100_000)
    )


def picture(kind: str, size: tuple[int, int] = (60, 40)) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, kind)
    return content.getvalue()


def huge() -> bytes:
    """A PNG of a few bytes that says it has 60,000 by 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    said = (struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(said)


def locked(password: str) -> bytes:
    """A page that is encrypted, and opens with a password."""
    writer, content = PdfWriter(), BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt(password, "owner", algorithm="AES-256")
    writer.write(content)
    return content.getvalue()


def without_pages() -> bytes:
    writer, content = PdfWriter(), BytesIO()
    writer.write(content)
    return content.getvalue()


@pytest.mark.parametrize(
    "content,words",
    [
        (b"%PDF-1.7 ...", "打不开"),
        (b"%PDF-1.7\n" + b"<script>alert(1)</script>" * 50 + b"\nstartxref\n9\n%%EOF\n", "打不开"),
        (PAGE[:150], "打不开"),
        (without_pages(), "打不开"),
        (locked("geheim"), "密码"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "打不开"),
        (picture("PNG")[:-30], "打不开"),
        (picture("JPEG")[:300], "打不开"),
        (b"\xff\xd8\xff" + b"<html>" * 40, "打不开"),
        (huge(), "太大"),
        (picture("PNG", (8_000, 7_000)), "太大"),
    ],
    ids=[
        "head",
        "script",
        "cut",
        "no pages",
        "locked",
        "PNG",
        "cut PNG",
        "cut JPEG",
        "JPEG",
        "bomb",
        "large",
    ],
)
def test_a_pdf_that_does_not_open_and_a_picture_that_is_none_are_refused(content, words):
    assert words in fault(UploadField(kinds=("pdf", "jpg", "png")), upload("a.pdf", content))


@pytest.mark.parametrize(
    "content,kind",
    [(PAGE, "pdf"), (locked(""), "pdf"), (picture("JPEG"), "jpg"), (picture("PNG"), "png")],
    ids=["a page", "closed to changes only", "JPEG", "PNG"],
)
def test_a_whole_file_is_taken_as_it_is(content, kind):
    field = UploadField(kinds=("pdf", "jpg", "png"))
    taken = field.clean(upload("a.pdf", content))
    assert (taken.kind, taken.read()) == (kind, content)


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
