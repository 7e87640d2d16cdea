"""The fields of a rule's value: what each part is called, its unit, and its least and most, from ``rules.yaml``.

A part is named by its path in the value (``days``, ``expected.temporary``). The fields of all deadlines are the same
(``deadline.yaml``). ``faults_of`` says what is wrong with a value, part by part; forms and API show it there.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.refusals import Words
from foundation.rules import placeholders
from foundation.rules.placeholders import Placeholder
from foundation.wording import in_the_readers_language, listed, said_together

if TYPE_CHECKING:
    from foundation.rules.together import Together

#: The units of numbers, each as it stands behind one.
UNITS: dict[str, Words] = {
    "working_days": gettext_lazy("个工作日"),
    "days": gettext_lazy("天"),
    "hours": gettext_lazy("小时"),
    "minutes": gettext_lazy("分钟"),
    "weeks": gettext_lazy("周"),
    "months": gettext_lazy("个月"),
    "years": gettext_lazy("年"),
    "percent": "%",
    "cny": gettext_lazy("元"),
    "points": gettext_lazy("分"),
    "km": gettext_lazy("公里"),
    "places": gettext_lazy("个名额"),
    "providers": gettext_lazy("家"),
    "people": gettext_lazy("人"),
    "households": gettext_lazy("户"),
    "times": gettext_lazy("次"),
    "rounds": gettext_lazy("轮"),
    "levels": gettext_lazy("级"),
    "multiple": gettext_lazy("倍"),
    "digit_places": gettext_lazy("位"),
    # What a deadline counts stands in a part of its own.
    "span": "",
}

#: The unit of a span, by what the deadline counts.
SPANS = {"working_days": "working_days", "calendar_days": "days", "hours": "hours"}

#: Parts that are no numbers: one or several of a list of choices, yes or no, words, capitals and digits, a text
#: with placeholders, a list of words, and pairs of codes.
KINDS = frozenset({"one", "several", "yes_no", "text", "capitals", "wording", "words", "pairs"})

#: Those that are one text.
TEXTS = frozenset({"text", "capitals", "wording"})

#: Those that are a list of such items.
LISTINGS = frozenset({"several", "words", "pairs"})

#: The longest text of a list, the form of a code in a pair, and that of capitals.
LONGEST_WORD, CODE = 40, re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,19}", re.ASCII)
CAPITALS = re.compile(r"[A-Z][A-Z0-9]*")


@dataclass(frozen=True)
class Field:
    """One part of a rule's value.

    ``unit`` is one of ``UNITS``, or says that it is no number (``KINDS``). ``least`` and ``most`` are the limits of a
    number, of the length of a text, and of how many a list has. The codes of pairs may be choices too, or have ``names`` by which they are read though others may be entered. With
    ``longest`` it is a list of so many such numbers at most, which rise if it says so. ``places`` are the placeholders
    of a wording.
    """

    path: str
    label_zh: str
    label_en: str
    unit: str
    least: float
    most: float
    decimals: int = 0
    longest: int = 0
    rising: bool = False
    choices: Callable[[], Mapping[str, Words]] = field(default=dict, compare=False)
    names: Callable[[], Mapping[str, Words]] = field(default=dict, compare=False)
    places: Mapping[str, Placeholder] = field(default_factory=dict, compare=False)

    @property
    def label(self) -> str:
        """What it is called in the reader's language."""
        return in_the_readers_language(self.label_zh, self.label_en)

    @property
    def number(self) -> bool:
        """Whether it is a number, or a list of them."""
        return self.unit in UNITS

    @property
    def listing(self) -> bool:
        """Whether it is a list of choices, of words or of pairs."""
        return self.unit in LISTINGS

    @property
    def unit_words(self) -> str:
        """The unit in words; "" for what is no number."""
        return str(UNITS.get(self.unit, ""))

    @property
    def limits(self) -> str:
        """The least and the most of a number, in words; "" for what is no number."""
        if not self.number:
            return ""
        given = {"least": plain(self.least), "most": plain(self.most), "unit": self.unit_words}
        return (_("%(least)s 至 %(most)s %(unit)s") % given).strip()

    def said(self, value: Any) -> str:
        """A value of it in words, with its unit."""
        if self.longest:
            return f"{listed(plain(one) for one in value)} {self.unit_words}".strip()
        if self.number:
            return f"{plain(value)} {self.unit_words}".strip()
        if self.unit == "yes_no":
            return _("是") if value else _("否")
        if self.unit == "one":
            return str(self.choices().get(value, value))
        return (listed(map(self.item_said, value)) if self.listing else str(value)) or _("无")

    def item_said(self, item: Any) -> str:
        """An item of a list in words, also of one that is wrong."""
        if isinstance(item, list):
            return " + ".join(self._called(str(code)) for code in item)
        return str(self.choices().get(item, item)) if self.unit == "several" else str(item)

    def _called(self, code: str) -> str:
        """A code of a pair as people read it: by its name, and where nothing has that code, with a word that says so."""
        if code in (choices := self.choices()):
            return str(choices[code])
        names = self.names()
        return (
            _("%(code)s（本市没有）") % {"code": code}
            if names and code not in names
            else str(names.get(code, code))
        )

    def fault(self, value: Any) -> str:
        """What is wrong with a value of it; "" for nothing."""
        if self.longest:
            return self._fault_of_list(value)
        if self.number:
            return self._fault_of_number(value)
        if self.unit == "yes_no":
            right = isinstance(value, int) and not isinstance(value, bool) and value in (0, 1)
            return "" if right else _("应是“是”或“否”。")
        if self.unit == "one":
            return "" if isinstance(value, str) and value in self.choices() else self._not_listed(value)
        if self.unit in TEXTS:
            return self._fault_of_text(value)
        return self._fault_of_several(value)

    def _fault_of_number(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float) or _is_no_number(value):
            return _("应是数。")
        if not self.least <= value <= self.most:
            return _("应在 %(limits)s之间。") % {"limits": self.limits}
        if round(value, self.decimals) != value:
            return _("最多 %(n)s 位小数。") % {"n": self.decimals} if self.decimals else _("应是整数。")
        return ""

    def _fault_of_list(self, value: Any) -> str:
        if not isinstance(value, list) or not 1 <= len(value) <= self.longest:
            return _("应是 1 至 %(most)s 个数。") % {"most": self.longest}
        wrong = next((fault for one in value if (fault := self._fault_of_number(one))), "")
        rises = all(first < second for first, second in pairwise(value))
        return wrong or ("" if rises or not self.rising else _("后一个数应比前一个大。"))

    def _fault_of_text(self, value: Any) -> str:
        if not isinstance(value, str) or not self.least <= len(value) <= self.most:
            return _("应是 %(least)s 至 %(most)s 个字。") % {
                "least": plain(self.least),
                "most": plain(self.most),
            }
        if self.unit == "capitals" and not CAPITALS.fullmatch(value):
            return _("应是大写字母和数字，第一个是字母。")
        return placeholders.fault(value, self.places) if self.unit == "wording" else ""

    def _fault_of_several(self, value: Any) -> str:
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            return _("应是 %(least)s 至 %(most)s 项。") % {
                "least": plain(self.least),
                "most": plain(self.most),
            }
        if any(not _hashable(key_of(one)) for one in value):
            return _("每一项应是文字。")
        return str(said_together(*self._faults_of_items(value)))

    def _faults_of_items(self, items: Sequence[Any]) -> Iterator[str]:
        """What is wrong with the items of a list that is no number: each kind of fault once, with the items that have
        it.
        """
        times = Counter(map(key_of, items))
        malformed = [one for one in items if not self._is_well_formed(one)]
        known = self.choices()
        codes = [code for one in items if one not in malformed for code in _codes(one)]
        unknown = dict.fromkeys(code for code in codes if code not in known) if known else {}
        if repeated := {key_of(one): one for one in items if times[key_of(one)] > 1}:
            yield _("重复的项：%(items)s。") % {"items": self._shown(repeated.values())}
        if malformed:
            yield self._malformed(malformed)
        if unknown:
            given = {"items": self._shown(unknown), "names": listed(map(str, known.values()))}
            yield _("不在列表中：%(items)s。可以选：%(names)s。") % given

    def _is_well_formed(self, one: Any) -> bool:
        """Whether an item is a text, or a pair of two that differ, as long as they may be."""
        if self.unit != "pairs":
            return isinstance(one, str) and (self.unit == "several" or 0 < len(one.strip()) <= LONGEST_WORD)
        if not isinstance(one, list) or len(one) != 2 or one[0] == one[1]:
            return False
        return all(isinstance(code, str) and (bool(self.choices()) or CODE.fullmatch(code)) for code in one)

    def _malformed(self, items: Sequence[Any]) -> str:
        """What is wrong with items that are no text of the right length, or no pair."""
        given = {"items": self._shown(items), "most": LONGEST_WORD, "pair": self.example_of_a_pair}
        if self.unit == "pairs":
            return _("不是一对：%(items)s。每一对是两个不同的，例如 %(pair)s。") % given
        return _("每一项是 1 至 %(most)s 个字，这些不是：%(items)s。") % given

    @property
    def example_of_a_pair(self) -> str:
        """Two of the choices as a pair is written; two codes where anything may be written."""
        return " + ".join([str(name) for name in self.choices().values()][:2]) or "B01.01 + B01.02"

    def _shown(self, items: Iterable[Any]) -> str:
        """Items that are wrong, each in quotation marks and cut."""
        return listed(_("“%(value)s”") % {"value": self.item_said(one)[:LONGEST_WORD]} for one in items)

    def _not_listed(self, value: Any) -> str:
        given = {"value": str(value)[:40], "names": listed(map(str, self.choices().values()))}
        return _("“%(value)s”不在列表中。可以选：%(names)s。") % given


def _codes(item: Any) -> list[Any]:
    """The codes of an item: both of a pair, else itself."""
    return item if isinstance(item, list) else [item]


def key_of(item: Any) -> Any:
    """What an item of a list is known by: of a pair it does not matter which comes first."""
    pair = isinstance(item, list) and all(isinstance(code, str) for code in item)
    return tuple(sorted(item)) if pair else tuple(item) if isinstance(item, list) else item


def _hashable(value: Any) -> bool:
    """Whether a value, or each part of a pair, is a plain text or number."""
    parts = value if isinstance(value, tuple) else (value,)
    return all(isinstance(part, str | int | float) for part in parts)


def _is_no_number(value: float) -> bool:
    """Whether it is the float that stands for no number; whole numbers may be longer than any float."""
    return isinstance(value, float) and math.isnan(value)


def plain(value: float) -> str:
    """A number with the separator of thousands and without zeros behind it."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


class SpanUnit(models.TextChoices):
    """What a deadline counts, as forms show it."""

    WORKING_DAYS = "working_days", gettext_lazy("工作日")
    CALENDAR_DAYS = "calendar_days", gettext_lazy("自然日")
    HOURS = "hours", gettext_lazy("小时（昼夜计算）")


def read(row: Mapping[str, Any]) -> dict[str, Field]:
    """The fields of a row of ``rules.yaml``; raises ``KeyError`` and ``TypeError`` for one that is incomplete."""
    return {path: _read_one(path, given) for path, given in row.get("fields", {}).items()}


def _read_one(path: str, given: Mapping[str, Any]) -> Field:
    return Field(
        path,
        str(given["label"]),
        str(given["label_en"]),
        str(given["unit"]),
        float(given["least"]),
        float(given["most"]),
        decimals=int(given.get("decimals", 0)),
        longest=int(given.get("list", 0)),
        rising=bool(given.get("rising", False)),
        choices=_choices(given.get("choices", {})),
        names=_choices(given.get("names", {})),
        places=placeholders.read(given.get("placeholders", {})),
    )


def _choices(given: Any) -> Callable[[], Mapping[str, Words]]:
    """The choices that a row names: a class of choices, or a function that gives them, by its dotted path; or values
    with their labels.
    """
    if isinstance(given, str):
        return lambda: _named_choices(import_string(given))
    return lambda: {value: in_the_readers_language(zh, en) for value, (zh, en) in given.items()}


def _named_choices(found: Any) -> Mapping[str, Words]:
    """The values and labels of a class of choices, or what a function gives, which asks for labels when they are
    read.
    """
    if not hasattr(found, "choices"):
        named: Mapping[str, Words] = found()
        return named
    return {str(value): label for value, label in found.choices}


def normal(value: Any) -> Any:
    """The value with whole numbers as such, however a program wrote them (3.0)."""
    if isinstance(value, dict):
        return {name: normal(part) for name, part in value.items()}
    if isinstance(value, list):
        return [normal(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def leaves(value: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """The parts of a value by their paths."""
    found: dict[str, Any] = {}
    for name, part in value.items():
        found |= leaves(part, f"{before}{name}.") if isinstance(part, dict) else {f"{before}{name}": part}
    return found


def whole(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The value that has these parts."""
    found: dict[str, Any] = {}
    for path, part in parts.items():
        *outer, name = path.split(".")
        inner = found
        for step in outer:
            inner = inner.setdefault(step, {})
        inner[name] = part
    return found


def faults_of(fields: Mapping[str, Field], together: Together, value: Any) -> dict[str, str]:
    """What is wrong with a value, by the path of the part; "" stands for the value as a whole."""
    if not isinstance(value, dict):
        return {"": _("参数名称必须是：%(names)s。") % {"names": listed(fields)}}
    parts = leaves(value)
    if parts.keys() != fields.keys():
        return _misnamed(fields, parts)
    found = {path: fault for path, one in fields.items() if (fault := one.fault(parts[path]))}
    return found or dict(together.faults(parts, fields))


def _misnamed(fields: Mapping[str, Field], parts: Mapping[str, Any]) -> dict[str, str]:
    """The parts that are missing, and those that the rule does not have."""
    missing = {path: _("请填写这一项。") for path in fields if path not in parts}
    unknown: Iterable[str] = [path for path in parts if path not in fields]
    wrong = _("参数名称必须是：%(names)s。") % {"names": listed(fields)}
    return {**missing, **({"": wrong} if unknown else {})}
