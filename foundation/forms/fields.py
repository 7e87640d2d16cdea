"""Fields of forms, the same for page and API.

They accept what people type (2026.3.5, 3月5日, an ID number with spaces), and their messages
say how to correct what is wrong.
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError as NumberFault

from foundation import moments
from foundation.forms import days, phones, typed
from foundation.forms.uploads import SIGNATURES as SIGNATURES
from foundation.forms.uploads import UploadField as UploadField
from foundation.forms.uploads import UploadsField as UploadsField
from foundation.forms.uploads import kind_of as kind_of

#: The largest amount (CNY) that any field accepts.
LARGEST_AMOUNT = Decimal("999999999.99")


#: Years before and after are typing errors.
FIRST_YEAR, LAST_YEAR = 1900, 2200


#: Midnight, as spreadsheets write it behind a day.
MIDNIGHT = re.compile(r"(00?:00(:00(\.0+)?)?)?", re.ASCII)


class DayField(forms.DateField):
    """A day as people write it: 2026-3-5, 2026.3.5, 2026年3月5日(周四), 3月5日, 20260305.

    A day without a year is of this year, or the next (``ahead``) or last (``ahead`` false) such
    day. Midnight behind it, as spreadsheets write it, is ignored.
    """

    default_error_messages = {
        "invalid": _("请按“2026年3月5日”或“2026.3.5”填写日期。"),
        "year": _("年份应在 %(first)s 和 %(last)s 之间，请写四位数字。"),
    }
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"inputmode": "numeric"})

    def __init__(self, *, ahead: bool | None = None, **kwargs: Any) -> None:
        self.ahead = ahead
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = self._read(value) if typed.folded(value) else ""
        found = super().to_python(value)
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            raise forms.ValidationError(self.error_messages["year"], code="year", params=years)
        return found

    def _read(self, text: str) -> date:
        """The day that the text writes; raises ``ValidationError``."""
        try:
            found = days.leading_day(text, ahead=self.ahead)
        except ValueError:
            found = None
        if found is None or not MIDNIGHT.fullmatch(found[1]):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found[0]


class HourField(forms.TimeField):
    """A time of day as people write it: 9:30, 9点30分, 9点."""

    default_error_messages = {"invalid": _("请按“09:30”填写时间。")}

    def to_python(self, value: Any) -> time | None:
        return super().to_python(days.hour(value) if isinstance(value, str) else value)


class NumberField(forms.DecimalField):
    """A number as people write it: 12, 7.5, 1,200."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # an IntegerField to the stubs
        if isinstance(value, str) and typed.folded(value):
            value = self.read(value)
            if value is None:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        found = super().to_python(value)
        return found if found is None else _without_zeros(found, self.decimal_places)

    @staticmethod
    def read(text: str) -> Decimal | None:
        """The number; None if the text is none."""
        return typed.number(text)


def _without_zeros(number: Decimal, places: int | None) -> Decimal:
    """The number without zeros beyond ``places``, so that 1.500 is accepted for two places."""
    if places is None or not number.is_finite() or abs(number) >= 10**20:
        return number
    short = round(number, places)
    return short if short == number and int(number.as_tuple().exponent) < -places else number


class MoneyField(NumberField):
    """CNY as ``Decimal`` with two places, ``least`` to ``most``; 1,200.50, 1200元 and 1.2万元 are read."""

    def __init__(
        self, *, most: Decimal = LARGEST_AMOUNT, least: Decimal | int = Decimal("0.01"), **kw: Any
    ) -> None:
        kw.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "money"}))
        super().__init__(decimal_places=2, max_digits=11, **kw)
        self.validators += [
            MinValueValidator(least, _("金额不能小于 %(limit_value)s 元。")),
            MaxValueValidator(most, _("金额不能大于 %(limit_value)s 元。")),
        ]
        self.error_messages["invalid"] = _("请填写金额，例如 1200 或 1,200.50。")

    @staticmethod
    def read(text: str) -> Decimal | None:
        """The amount in yuan; None if the text is none."""
        return typed.amount(text)


class CountField(forms.IntegerField):
    """A whole number of units, places or people, ``least`` to ``most``."""

    def __init__(self, *, least: int = 1, most: int = 1_000_000, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)
        self.validators += [
            MinValueValidator(least, _("不能小于 %(limit_value)s。")),
            MaxValueValidator(most, _("不能大于 %(limit_value)s。")),
        ]
        self.error_messages["invalid"] = _("请填写整数，例如 12。")

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and typed.folded(value):
            found = typed.counted(value)
            if found is None:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            return found
        return super().to_python(value)


class FoldedField(forms.CharField):
    """A number from another organization's books, as written there, folded (NFKC)."""

    def to_python(self, value: Any) -> str:
        return typed.folded(super().to_python(value) or "")


class CodeField(forms.CharField):
    """A code or number, stored folded, without spaces and dashes, in capitals.

    A valid one has only ASCII letters and digits left.
    """

    def to_python(self, value: Any) -> str:
        return typed.code(super().to_python(value) or "")


class BankAccountField(CodeField):
    """The number of a bank account in China: 8 to 30 digits, stored without spaces and dashes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not re.fullmatch(r"\d{8,30}", text, re.ASCII):
            raise forms.ValidationError(_("账号应为 8 至 30 位数字，请对照开户许可证核对。"))
        return text


class IdNumberField(CodeField):
    """A resident identity number (GB 11643); spaces are dropped, the check digit is verified."""

    LENGTH = 18

    @staticmethod
    def folded(text: str) -> str:
        """The number without spaces and dashes."""
        return typed.code(text)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("身份证号"))
        kwargs.setdefault("help_text", _("18 位。"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        if len(text) != self.LENGTH:
            raise forms.ValidationError(
                _("身份证号应为 18 位，现在是 %(count)s 位，请核对。"), params={"count": len(text)}
            )
        # The place is not looked up, since many codes are of counties that no longer exist.
        right, born = re.fullmatch(r"[0-9]{17}[0-9X]", text) is not None, moments.today()
        try:
            born = ric.get_birth_date(text)
            right = right and text[17] == ric.calc_check_digit(text)
        except (NumberFault, ValueError):
            right = False
        if not right:
            raise forms.ValidationError(_("身份证号校验不通过：请对照证件逐位核对，常见是错位或末位 X。"))
        if born > moments.today():
            raise forms.ValidationError(_("身份证号中的出生日期在将来，请核对。"))
        if born.year < FIRST_YEAR:
            raise forms.ValidationError(_("身份证号中的出生日期太早，请核对。"))
        return text


class CreditCodeField(CodeField):
    """A unified social credit code (GB 32100); the check character is verified."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("统一社会信用代码"))
        kwargs.setdefault("help_text", _("18 位，见登记证书。"))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and len(text) != 18:
            raise forms.ValidationError(
                _("统一社会信用代码应为 18 位，现在是 %(count)s 位，请核对。"), params={"count": len(text)}
            )
        right = text.isascii() and uscc.is_valid(text) and text.strip("0")
        if text and not right:
            raise forms.ValidationError(_("统一社会信用代码校验不通过，请对照登记证书逐位核对。"))
        return text


class PersonNameField(forms.CharField):
    """The name of a person, of which two spellings are one (``typed.name``)."""

    def to_python(self, value: Any) -> str:
        return typed.name(super().to_python(value) or "")


class TitleField(forms.CharField):
    """The title of a document, which pages put between 《 and 》: these marks are taken off where they were typed."""

    def to_python(self, value: Any) -> str:
        """The bare title; raises ``ValidationError`` for marks of which one lacks the other."""
        text = super().to_python(value) or ""
        while text.startswith("《") and _closes(text) == len(text) - 1:
            text = text[1:-1].strip()
        if text.count("《") != text.count("》"):
            raise forms.ValidationError(_("书名号没有成对。外面的书名号不用写，页面会加上。"))
        return text


def _closes(title: str) -> int:
    """Where the first mark of a title is closed; -1 for one that stays open."""
    depth = 0
    for place, sign in enumerate(title):
        depth += {"《": 1, "》": -1}.get(sign, 0)
        if not depth:
            return place
    return -1


class PhoneField(forms.CharField):
    """A mobile, fixed or 400 number in China, stored as digits: 13800000000, 030086860000.

    The country's prefix, spaces, dashes and brackets are dropped; an extension stays behind
    a dash (86860000-801).
    """

    default_error_messages = {"invalid": _("请填写 11 位手机号，或带区号的固定电话；一次一个号码。")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("联系电话"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        text = typed.folded(super().clean(value) or "")
        found = phones.normalized(text)
        if text and not found:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class OfficePhoneField(PhoneField):
    """The public number of an office, checked, and stored as it was typed (0000-86860000), since everybody reads it."""

    def clean(self, value: Any) -> str:
        super().clean(value)
        return typed.folded(value or "")


class MobileField(PhoneField):
    """A mobile number, to which a text is sent."""

    default_error_messages = {"invalid": _("验证码只能发到手机，请填写 11 位手机号。")}

    def clean(self, value: Any) -> str:
        found = super().clean(value)
        if found and not phones.takes_texts(found):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class ObjectsField(forms.Field):
    """A list of objects, as the API gives it."""
