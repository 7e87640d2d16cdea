"""The columns of each kind of list: how people call them, and how their cells are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms import typed
from foundation.forms.fields import CodeField, CreditCodeField, DayField, NumberField, OfficePhoneField
from foundation.refusals import Words
from foundation.sheets.heads import Heads
from foundation.wording import day, listed
from organizations.bodies.hours import HoursField
from organizations.bodies.models import OrganizationKind
from organizations.city_lists.kinds import ListKind
from organizations.places.models import PlaceKind
from organizations.responsibilities import offered

#: The longest name of a place or body that is sought among those that are there.
LONGEST_NAME = 80


class WordField(forms.Field):
    """One of several words, however it is called; the cleaned value is its key, None for an empty cell.

    ``words`` gives the keys with their labels when a cell is read, since a city may call them otherwise.
    """

    def __init__(
        self, words: Callable[[], Iterable[tuple[str, Words]]], others: Mapping[str, str] | None = None
    ) -> None:
        self.words = words
        self.others = {typed.compared(word): key for word, key in (others or {}).items()}
        super().__init__(required=False)

    def clean(self, value: Any) -> str | None:
        if not value:
            return None
        words = list(self.words())
        known = {typed.compared(str(label)): key for key, label in words}
        known |= {key: key for key, _label in words} | self.others
        found = known.get(typed.compared(value))
        if found is None:
            raise forms.ValidationError(
                _("“%(text)s”认不出，可以写：%(words)s。")
                % {"text": value[:20], "words": listed(str(label) for _key, label in words)}
            )
        return found


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
    ListKind.PLACES: (
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
                lambda: PlaceKind.choices,
                {
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
    ListKind.BODIES: (
        Column("name", ("名称", "部门", "机构名称", "name"), _text(80), "示例市民政局", True),
        Column("code", ("简码", "code"), ShortCodeField(max_length=50, required=False), "minzheng"),
        Column(
            "kind",
            ("类别", "kind"),
            WordField(
                lambda: [
                    (kind.value, kind.label) for kind in (OrganizationKind.BODY, OrganizationKind.EVALUATOR)
                ],
                {"部门": OrganizationKind.BODY, "评估": OrganizationKind.EVALUATOR},
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
        Column("need_kind", ("需求类别", "kind of need"), WordField(offered.choices), "基本生活困难"),
        Column("basis", ("依据", "职责依据", "basis"), _text(60), "示政发〔2018〕1号"),
        Column("duty_from", ("职责自", "responsibility from"), _day()),
        Column("duty_until", ("职责至", "responsibility until"), _day()),
    ),
    ListKind.WINDOWS: (
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


def said(kind: str, name: str, value: str) -> str:
    """A kept value of a column as it is shown: a day in the reader's words."""
    column = next(column for column in COLUMNS[kind] if column.name == name)
    return day(date.fromisoformat(value)) if value and isinstance(column.field, DayField) else value


def label_of(kind: str, name: str) -> str:
    """How we call the column of that name."""
    return next(column.label for column in COLUMNS[kind] if column.name == name)
