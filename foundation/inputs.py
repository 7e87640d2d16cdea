"""What an act takes from a person: one form for the page and for the API.

Fields accept what people type (2026.3.5, 3月5日, an ID number with spaces) and
answer what is wrong in words that say how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError as NumberFault

from foundation import moments
from foundation.lifecycle.table import Lifecycle, Move, Start
from foundation.personal_data.masking import mask_id_number, mask_name
from foundation.roles import Actor

#: No single figure of this market is larger (CNY).
LARGEST_AMOUNT = Decimal("999999999.99")


class Input(forms.Form):
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
        if self.is_bound:
            self.data = self._without_nulls()
        if isinstance(row, Move) and row.reason:
            self.fields["reason"] = _reason_field(row)
        self.prepare()
        self._spare_choices()

    def _without_nulls(self) -> Any:
        """What was sent, with null bytes in choices made wrong ones: a choice is looked up
        in the database, which takes none; text fields refuse them by themselves.
        """
        choices = [n for n, f in self.fields.items() if isinstance(f, forms.ModelChoiceField)]
        wrong = [name for name in choices if "\0" in str(self.data.get(name) or "")]
        if not wrong:
            return self.data
        data = self.data.copy()
        for name in wrong:
            data[name] = "?"
        return data

    def _spare_choices(self) -> None:
        """Nobody is asked to choose among one."""
        for name, field in self.fields.items():
            many = isinstance(field, forms.ModelMultipleChoiceField)
            if isinstance(field, forms.ModelChoiceField) and not many:
                field.empty_label = _("请选择")
                if not self.is_bound and field.required and name not in self.initial:
                    only = list(field.queryset[:2])
                    if len(only) == 1:
                        self.initial[name] = only[0].pk

    def prepare(self) -> None:
        """Fill choices and first values from ``obj`` and ``actor``."""

    def given(self) -> dict[str, Any]:
        """The verb's keyword arguments."""
        return dict(self.cleaned_data)

    @classmethod
    def as_kept(cls, typed: dict[str, list[str]]) -> dict[str, list[str]]:
        """What of the typed values is kept until the form is sent."""
        return {
            name: values
            for name, values in typed.items()
            if not declares(cls.base_fields.get(name))
        }

    def undeclared(self) -> None:
        """Whatever was put into the fields at first, nobody has declared anything yet."""
        for name, field in self.fields.items():
            if declares(field):
                self.initial.pop(name, None)

    @classmethod
    def called(cls, typed: dict[str, list[str]]) -> str:
        """By what a person recognizes an unsent form: whose it is, masked; else how it begins."""
        if "id_number" in cls.base_fields:
            for name, masked in (("name", mask_name), ("id_number", mask_id_number)):
                if any(typed.get(name, ())):
                    return masked(typed[name][0])
        words = (typed.get(name, [""])[0] for name, f in cls.base_fields.items() if _wordy(f))
        return Truncator(next(filter(None, words), "")).chars(12)


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
        help_text=_("会写入办理记录,相关方可以看到。"),
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
    return lifecycle.inputs.get(name, Input)


class DayField(forms.DateField):
    """A day as people write it: 2026-3-5, 2026.3.5, 2026年3月5日, 3月5日, 20260305."""

    default_error_messages = {"invalid": _("请按“2026年3月5日”或“2026.3.5”填写日期。")}
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            text = re.sub(r"[\s日号]", "", value)
            text = re.sub(r"[年月./]", "-", text)
            if re.fullmatch(r"\d{8}", text):
                text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
            elif re.fullmatch(r"\d{1,2}-\d{1,2}", text):
                text = f"{moments.today().year}-{text}"
            value = text
        return super().to_python(value)


class MoneyField(forms.DecimalField):
    """CNY as ``Decimal``, two places, never negative; 1,200.50 and 1200元 are read."""

    def __init__(
        self, *, most: Decimal = LARGEST_AMOUNT, least: Decimal = Decimal("0.01"), **kw: Any
    ) -> None:
        kw.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "money"}))
        super().__init__(decimal_places=2, max_digits=11, **kw)
        self.validators += [
            MinValueValidator(least, _("金额不能小于 %(limit_value)s 元。")),
            MaxValueValidator(most, _("金额不能大于 %(limit_value)s 元。")),
        ]
        self.error_messages["invalid"] = _("请填写金额,例如 1200 或 1,200.50。")

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = re.sub(r"[,,\s¥¥元]", "", value)
        return super().to_python(value)


class CountField(forms.IntegerField):
    """A whole number of units, places or people."""

    def __init__(self, *, least: int = 1, most: int = 1_000_000, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)
        self.validators += [
            MinValueValidator(least, _("不能小于 %(limit_value)s。")),
            MaxValueValidator(most, _("不能大于 %(limit_value)s。")),
        ]
        self.error_messages["invalid"] = _("请填写整数,例如 12。")


class IdNumberField(forms.CharField):
    """A resident identity number (GB 11643); spaces are dropped, the check is verified."""

    LENGTH = 18

    @staticmethod
    def folded(text: str) -> str:
        """The number as people type it, without spaces and dashes."""
        return re.sub(r"[\s-]", "", text).upper()

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("身份证号"))
        kwargs.setdefault("help_text", _("18 位,自动填出生日期和性别。"))
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
        )
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = self.folded(super().clean(value) or "")
        if not text:
            return ""
        if len(text) != self.LENGTH:
            raise forms.ValidationError(
                _("身份证号应为 18 位,现在是 %(count)s 位,请核对。"), params={"count": len(text)}
            )
        # The place is not looked up: people keep codes of counties long renamed.
        try:
            born = ric.get_birth_date(text)
            right = text[:17].isdigit() and text[17] == ric.calc_check_digit(text)
        except (NumberFault, ValueError):
            right, born = False, moments.today()
        if not right:
            raise forms.ValidationError(
                _("身份证号校验不通过:请对照证件逐位核对,常见是错位或末位 X。")
            )
        if born > moments.today():
            raise forms.ValidationError(_("身份证号中的出生日期在将来,请核对。"))
        return text


class CreditCodeField(forms.CharField):
    """A unified social credit code (GB 32100)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("统一社会信用代码"))
        kwargs.setdefault("help_text", _("18 位,见登记证书。"))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = re.sub(r"[\s-]", "", super().clean(value) or "").upper()
        if text and len(text) != 18:
            raise forms.ValidationError(
                _("统一社会信用代码应为 18 位,现在是 %(count)s 位,请核对。"),
                params={"count": len(text)},
            )
        if text and not uscc.is_valid(text):
            raise forms.ValidationError(_("统一社会信用代码校验不通过,请对照登记证书逐位核对。"))
        return text


class PhoneField(forms.CharField):
    """A mobile or fixed number in China."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("联系电话"))
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        )
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        text = re.sub(r"[\s-]", "", super().clean(value) or "")
        if text and not re.fullmatch(r"1\d{10}|0\d{9,11}|\d{7,8}", text):
            raise forms.ValidationError(_("请填写 11 位手机号,或带区号的固定电话。"))
        return text


#: What an upload may be, by the first bytes of the file.
SIGNATURES = {
    "pdf": (b"%PDF-",),
    "xlsx": (b"PK\x03\x04",),
    "jpg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
}


def kind_of(head: bytes) -> str:
    """The kind of a file by its first bytes; text that is nothing else counts as CSV."""
    for kind, signatures in SIGNATURES.items():
        if head.startswith(signatures):
            return kind
    return "" if b"\0" in head else "csv"


class UploadField(forms.FileField):
    """A file of one of the named kinds, checked by content, not by name.

    The cleaned file has its ``kind``.
    """

    def __init__(self, *, kinds: tuple[str, ...], largest_mib: int = 10, **kwargs: Any) -> None:
        self.kinds, self.largest_mib = kinds, largest_mib
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(f".{kind}" for kind in kinds)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload:
            return upload
        if upload.size > self.largest_mib * 1024 * 1024:
            raise forms.ValidationError(
                _("文件不能超过 %(size)s MB,请压缩后再传。"), params={"size": self.largest_mib}
            )
        upload.kind = kind_of(upload.read(512))
        upload.seek(0)
        if upload.kind not in self.kinds:
            raise forms.ValidationError(
                _("文件类型不对,请上传 %(kinds)s 文件。"),
                params={"kinds": "、".join(kind.upper() for kind in self.kinds)},
            )
        return upload


class ObjectsField(forms.Field):
    """A list of objects, as the API gives it."""


class ManyFiles(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Every file of that name."""
        if hasattr(files, "getlist"):
            return files.getlist(name)
        return [files[name]] if files.get(name) else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether none was sent."""
        return not self.value_from_datadict(data, files, name)


class UploadsField(UploadField):
    """Up to ``most`` files, each of one of the named kinds."""

    widget = ManyFiles

    def __init__(self, *, most: int = 6, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if len(data or []) > self.most:
            raise forms.ValidationError(_("最多上传 %(most)s 个文件。"), params={"most": self.most})
        if not data:
            super().clean(None, initial)
        return [super(UploadsField, self).clean(each) for each in data or []]
