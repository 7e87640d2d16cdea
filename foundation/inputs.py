"""What an act takes from a person: one form for the page and for the API.

Fields accept what people type (2026.3.5, 3月5日, an ID number with spaces) and
answer what is wrong in words that say how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError as NumberFault

from foundation import days, moments, phones, typed
from foundation.choosing import Choosing
from foundation.drafts import UNKEPT
from foundation.lifecycle.table import Lifecycle, Move, Start
from foundation.personal_data.masking import mask_name
from foundation.roles import Actor
from foundation.uploads import SIGNATURES as SIGNATURES
from foundation.uploads import UploadField as UploadField
from foundation.uploads import UploadsField as UploadsField
from foundation.uploads import kind_of as kind_of

#: No single figure of this market is larger (CNY).
LARGEST_AMOUNT = Decimal("999999999.99")
#: Days before and after are slips of the hand.
FIRST_YEAR, LAST_YEAR = 1900, 2200
#: What sheets write behind a day.
MIDNIGHT = re.compile(r"(00?:00(:00(\.0+)?)?)?", re.ASCII)


class Input(Choosing):
    """The base of every act's form. It knows who acts and on what."""

    #: A page of its own, where the usual one does not do.
    template = ""
    #: What is shown of the object above the form, so that nobody acts blind.
    facts = ""
    #: Whether what is typed is kept until it is sent. A form that is nothing but a consent
    #: keeps nothing.
    keeps_draft = True
    #: Kept in the browser while there is no connection: "each" where every sending is one
    #: more record, "whole" where it replaces what was sent before.
    offline = ""
    #: Fields that are asked only where something is wrong without them.
    on_demand: tuple[str, ...] = ()
    #: Whether the fields hold what the object has (``prepare`` fills them): then what a
    #: program leaves out of its body stays as it is.
    changes = False

    def __init__(
        self,
        *args: Any,
        actor: Actor | None = None,
        obj: Any = None,
        row: Move | Start | None = None,
        **kwargs: Any,
    ) -> None:
        self.actor, self.obj, self.row = actor, obj, row
        super().__init__(*args, **kwargs)
        if isinstance(row, Move) and row.reason:
            self.fields["reason"] = _reason_field(row)
            if isinstance(row.reason, type):  # the facts follow the ground that they prove
                self.order_fields(["reason"])
        self.prepare()
        self.spare_choices()

    def prepare(self) -> None:
        """Fill choices and first values from ``obj`` and ``actor``."""

    @property
    def by(self) -> Actor:
        """Who acts; raises ``TypeError`` for a blank form, which is nobody's."""
        if self.actor is None:
            raise TypeError("nobody acts by this form")
        return self.actor

    def clean(self) -> dict[str, Any]:
        super().clean()
        return self.cleaned_data

    @property
    def asked_now(self) -> list[forms.BoundField]:
        """The fields that a page shows: those on demand once they are wrong or filled."""
        return [each for each in self if self.is_asked(each.name)]

    def is_asked(self, name: str) -> bool:
        """Whether a page shows the field now."""
        return name not in self.on_demand or bool(self[name].errors or self[name].value())

    @property
    def subject(self) -> Any:
        """What an act that begins something is about; None where its address names nothing."""
        return None

    def given(self) -> dict[str, Any]:
        """The verb's keyword arguments."""
        return dict(self.cleaned_data)

    @classmethod
    def as_kept(cls, typed: dict[str, list[str]]) -> dict[str, list[str]]:
        """What of the typed values is kept until the form is sent."""
        return {name: values for name, values in typed.items() if not declares(cls.base_fields.get(name))}

    def undeclared(self) -> None:
        """Whatever was put into the fields at first, nobody has declared anything yet."""
        for name, field in self.fields.items():
            if declares(field):
                self.initial.pop(name, None)

    def taken_up(self, typed: dict[str, list[str]]) -> None:
        """A box that was left empty stays empty, whatever it holds at first: a browser sends
        nothing of it.
        """
        for name, field in self.fields.items():
            if name not in typed and isinstance(field.widget, forms.CheckboxInput):
                self.initial[name] = False
            elif name not in typed and getattr(field.widget, "allow_multiple_selected", False):
                self.initial[name] = []

    def filled(self, typed: dict[str, list[str]]) -> list[str]:
        """The fields of a blank form that a person has filled; an identity number alone is a
        question, and what stands in them at first is nobody's word.
        """
        return [
            name
            for name, values in typed.items()
            if name not in ("id_number", "about", *UNKEPT)
            and any(values)
            and values != [self._at_first(name)]
        ]

    def _at_first(self, name: str) -> str:
        field = self.fields.get(name)
        first = self.initial.get(name, field.initial if field else None)
        first = getattr(first, "pk", first)
        return "on" if first is True else "" if first is None else str(first)

    def called(self, typed: dict[str, list[str]]) -> str:
        """By what a person recognizes an unsent form: whose it is, masked; else how it begins."""
        if "id_number" in self.base_fields:
            if any(typed.get("name", ())):
                return mask_name(typed["name"][0])
            return _("还没有写姓名的一户（已填 %(n)s 项）") % {"n": len(self.filled(typed))}
        own = [name for name, field in self.base_fields.items() if _wordy(field)]
        added = [name for name in typed if name not in self.base_fields]
        words = (typed[name][0] for name in (*own, *added) if any(typed.get(name, ())))
        return Truncator(next((each for each in words if len(each) > 1), "")).chars(12)


class DeclarationField(forms.BooleanField):
    """A tick by which somebody agrees, declares or confirms. It is made anew every time: no
    draft and no address ever sets it.
    """

    declares = True


def declares(field: forms.Field | None) -> bool:
    """Whether somebody agrees, declares or confirms by this field."""
    must = isinstance(field, forms.BooleanField) and field.required
    return must or getattr(field, "declares", False)


def _wordy(field: forms.Field) -> bool:
    return type(field) is forms.CharField and not field.widget.is_hidden


def _reason_field(row: Move) -> forms.Field:
    if isinstance(row.reason, type):
        return forms.ChoiceField(label=_("原因"), choices=[("", _("请选择")), *row.reason.choices])
    return forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("会写入办理记录，相关方可以看到。"),
    )


def inputs_for(lifecycle: Lifecycle, *names: str) -> Callable[[type[Input]], type[Input]]:
    """Decorate the form of one or several rows of a lifecycle table."""

    def bind(form: type[Input]) -> type[Input]:
        for name in names:
            lifecycle.inputs[name] = form
        return form

    return bind


def form_of(lifecycle: Lifecycle, name: str) -> type[Input]:
    """The form of a row; an empty one where the act takes nothing more."""
    return cast(type[Input], lifecycle.inputs.get(name, Input))


class DayField(forms.DateField):
    """A day as people write it: 2026-3-5, 2026.3.5, 2026年3月5日(周四), 3月5日, 20260305.

    A day without a year is of this year, or the nearest one before (``ahead`` false) or
    after today. Midnight behind it, as sheets write it, is left out.
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
        """The number, None where the text writes none."""
        return typed.number(text)


def _without_zeros(number: Decimal, places: int | None) -> Decimal:
    """The number without zeros beyond the places that it may have: they say nothing."""
    if places is None or not number.is_finite() or abs(number) >= 10**20:
        return number
    short = round(number, places)
    return short if short == number and int(number.as_tuple().exponent) < -places else number


class MoneyField(NumberField):
    """CNY as ``Decimal``, two places, never negative; 1,200.50, 1200元 and 1.2万元 are read."""

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
        """The amount, None where the text writes none."""
        return typed.amount(text)


class CountField(forms.IntegerField):
    """A whole number of units, places or people."""

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
    """A number of somebody else's books, as they write it, in its plain form."""

    def to_python(self, value: Any) -> str:
        return typed.folded(super().to_python(value) or "")


class CodeField(forms.CharField):
    """A code or number: kept folded, without spaces and dashes, in capitals.

    Only ASCII letters and digits are left of it where it is right.
    """

    def to_python(self, value: Any) -> str:
        return typed.code(super().to_python(value) or "")


class IdNumberField(CodeField):
    """A resident identity number (GB 11643); spaces are dropped, the check is verified."""

    LENGTH = 18

    @staticmethod
    def folded(text: str) -> str:
        """The number as people type it, without spaces and dashes."""
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
        # The place is not looked up: people keep codes of counties long renamed.
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
    """A unified social credit code (GB 32100)."""

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


class PhoneField(forms.CharField):
    """A mobile, fixed or 400 number in China, kept as digits: 13800000000, 051086860000.

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
        found = phones.kept(text)
        if text and not found:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class ObjectsField(forms.Field):
    """A list of objects, as the API gives it."""
