"""The columns of each kind of list: how people call them, and how their cells are read."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms import typed
from foundation.forms.fields import CodeField, CreditCodeField, DayField, NumberField, OfficePhoneField
from foundation.forms.words import WordField
from foundation.sheets.heads import Heads
from foundation.wording import day, in_the_readers_language
from organizations.bodies.hours import HoursField, brief
from organizations.bodies.models import OrganizationKind
from organizations.city_lists.kinds import CityListKind
from organizations.places.codes import in_degrees
from organizations.places.models import PlaceKind
from organizations.responsibilities import offered

#: The longest name of a place or body that is sought among those that are there.
LONGEST_NAME = 80


class YesField(forms.Field):
    """Yes or no in words; None for an empty cell."""

    def clean(self, value: Any) -> bool | None:
        text = typed.folded(value or "").lower()
        if not text:
            return None
        if text not in typed.YES | typed.NO:
            raise forms.ValidationError(_("请写“是”或“否”。"))
        return text in typed.YES


class ShortCodeField(forms.SlugField):
    """A short code in small letters."""

    default_error_messages = {"invalid": gettext_lazy("简码只能是英文字母、数字和短横线。")}

    def to_python(self, value: Any) -> str:
        return typed.folded(super().to_python(value) or "").lower()


class Degrees(NumberField):
    """Degrees of latitude or longitude; None for an empty cell."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else float(found)


@dataclass(frozen=True)
class Column:
    """One column: its name, how people call it (the first is how we do), how its cells are read, and an example.

    Without a cell in a ``needed`` one no row can be entered.
    """

    name: str
    called: tuple[str, ...]
    field: forms.Field
    example: str = ""
    needed: bool = False

    @property
    def label(self) -> str:
        """How we call it."""
        return self.called[0]


def _text(longest: int) -> forms.CharField:
    return forms.CharField(max_length=longest, required=False)


def _day() -> DayField:
    return DayField(required=False)


_NAME_EN = ("英文名称", "英文名", "english name")
_PHONE = ("电话", "公开电话", "联系电话", "telephone")
_ADDRESS = ("地址", "办公地址", "address")
_HOURS = ("开放时间", "办公时间", "工作时间", "opening hours")

_WEEK = "周一至周五 9:00-11:30 13:30-17:00"

COLUMNS: Mapping[str, Sequence[Column]] = {
    CityListKind.PLACES: (
        Column(
            "code",
            ("区划代码", "代码", "行政区划代码", "code"),
            CodeField(max_length=40, required=False),
            "999999101001",
            True,
        ),
        Column("name", ("名称", "地名", "name"), _text(40), "示例社区", True),
        Column("name_en", _NAME_EN, _text(60), "Sample Community"),
        Column(
            "kind",
            ("类别", "级别", "kind"),
            WordField(
                choices=PlaceKind.choices,
                required=False,
                others={
                    "乡": PlaceKind.TOWN,
                    "村": PlaceKind.VILLAGE,
                    "社区": PlaceKind.VILLAGE,
                    "村社区": PlaceKind.VILLAGE,
                    "区": PlaceKind.ZONE,
                    "管委会": PlaceKind.ZONE,
                },
            ),
            "社区",
            True,
        ),
        Column("parent", ("上级", "所属镇街", "上级代码", "parent"), _text(LONGEST_NAME), "示例镇"),
        Column("zone", ("开发区", "管理的开发区", "zone"), _text(LONGEST_NAME)),
        Column(
            "latitude",
            ("纬度", "latitude"),
            Degrees(required=False, max_digits=12, decimal_places=8),
            "30.00",
        ),
        Column(
            "longitude",
            ("经度", "longitude"),
            Degrees(required=False, max_digits=12, decimal_places=8),
            "110.00",
        ),
    ),
    CityListKind.BODIES: (
        Column("name", ("名称", "部门", "机构名称", "name"), _text(80), "示例市民政局", True),
        Column("code", ("简码", "code"), ShortCodeField(max_length=50, required=False), "minzheng"),
        Column(
            "kind",
            ("类别", "kind"),
            WordField(
                choices=[
                    (kind.value, kind.label) for kind in (OrganizationKind.BODY, OrganizationKind.EVALUATOR)
                ],
                required=False,
                others={"部门": OrganizationKind.BODY, "评估": OrganizationKind.EVALUATOR},
            ),
            "责任部门",
        ),
        Column("name_en", _NAME_EN, _text(120), "Civil Affairs Bureau"),
        Column("since", ("成立日期", "自", "since"), _day(), "2018-12-11"),
        Column("earlier", ("曾用名", "原名称", "earlier name"), _text(80)),
        Column("earlier_until", ("曾用名至", "改名前一天", "earlier name until"), _day()),
        Column(
            "credit_code", ("统一社会信用代码", "信用代码", "credit code"), CreditCodeField(required=False)
        ),
        Column("phone", _PHONE, OfficePhoneField(required=False), "0000-80000001"),
        Column("address", _ADDRESS, _text(120), "示例路 1 号"),
        Column("hours", _HOURS, HoursField(), _WEEK),
        Column("may_buy", ("可作购买主体", "购买主体", "may buy"), YesField(required=False), "是"),
        Column("may_supply", ("可作承接主体", "承接主体", "may supply"), YesField(required=False), "否"),
        Column("duty", ("职责", "responsibility"), _text(200), "最低生活保障、特困人员供养"),
        Column(
            "need_kind",
            ("需求类别", "kind of need"),
            WordField(choices=offered.choices, required=False),
            "基本生活困难",
        ),
        Column("basis", ("依据", "职责依据", "basis"), _text(60), "示政发〔2018〕1号"),
        Column("duty_from", ("职责自", "responsibility from"), _day()),
        Column("duty_until", ("职责至", "responsibility until"), _day()),
    ),
    CityListKind.WINDOWS: (
        Column("town", ("镇街", "镇（街道）", "所属镇街", "town"), _text(LONGEST_NAME), "示例镇", True),
        Column("name", ("名称", "窗口名称", "name"), _text(80), "示例镇社会救助窗口", True),
        Column("address", _ADDRESS, _text(120), "示例镇便民服务中心"),
        Column("phone", _PHONE, OfficePhoneField(required=False), "0000-80000101"),
        Column("hours", _HOURS, HoursField(), _WEEK),
    ),
}


def heads_of(kind: str) -> Heads:
    """The heads of a list of this kind."""
    return Heads(
        called={column.name: column.called for column in COLUMNS[kind]},
        needed=[column.name for column in COLUMNS[kind] if column.needed],
    )


def fields_of(kind: str) -> dict[str, forms.Field]:
    """The fields by which the cells of many rows are read, by the name of the column.

    They are copies: what a field has looked up (the kinds of need, and how the city calls them) holds for these rows.
    """
    return {column.name: copy.deepcopy(column.field) for column in COLUMNS[kind]}


#: Words of a cell that name something else than what is kept.
KEPT_AS_ANOTHER = frozenset({"乡"})


def said(kind: str, name: str, value: Any) -> str:
    """A value of ``CityList.shown`` in the reader's words: days, hours, yes or no, degrees."""
    field = next(column.field for column in COLUMNS[kind] if column.name == name)
    if value in (None, "", {}):
        return ""
    match field:
        case DayField():
            return day(value if isinstance(value, date) else date.fromisoformat(value))
        case HoursField():
            return brief(value)
        case YesField():
            return _("是") if value else _("否")
        case Degrees():
            return in_degrees(value)
    return str(value)


def value_of(kind: str, name: str, text: str) -> str:
    """Which of a list of words a cell means; "" for a cell of another column."""
    field = next(column.field for column in COLUMNS[kind] if column.name == name)
    return str(field.clean(text)) if isinstance(field, WordField) else ""


def kept(kind: str, name: str, text: str) -> str:
    """What is kept of a cell that was found right, in the reader's words: of a list of words the one that it means, with
    what is written where that is another level.
    """
    field = next(column.field for column in COLUMNS[kind] if column.name == name)
    value = value_of(kind, name, text)
    if not value:
        if isinstance(field, HoursField):
            return in_the_readers_language(text, said(kind, name, field.clean(text)))
        return said(kind, name, field.clean(text)) if isinstance(field, DayField | YesField) else text
    label = str(dict(cast(Any, field).choices)[value])
    if typed.compared(text) not in KEPT_AS_ANOTHER:
        return label
    return _("%(label)s（表里写的是“%(text)s”）") % {"label": label, "text": text}


def label_of(kind: str, name: str) -> str:
    """How the column of that name is called in the reader's language."""
    called = next(column.called for column in COLUMNS[kind] if column.name == name)
    english = next(word for word in reversed(called) if word.isascii())
    return in_the_readers_language(called[0], english[:1].upper() + english[1:])
