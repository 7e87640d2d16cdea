"""Opening hours of a week: read from what people write, and told by day.

One writes "周一至周五 9:00-12:00 13:30-17:00；周六 9:00-11:30"; a day that is not named is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms import days, typed
from foundation.refusals import Words
from foundation.wording import in_the_readers_language, listed

#: The opening hours as they are stored: by the number of the day a list of pairs of times.
Hours = Mapping[str, Sequence[Sequence[str]]]

#: The days of a week by number; 1 is Monday.
DAYS: Mapping[str, Words] = {
    "1": gettext_lazy("周一"),
    "2": gettext_lazy("周二"),
    "3": gettext_lazy("周三"),
    "4": gettext_lazy("周四"),
    "5": gettext_lazy("周五"),
    "6": gettext_lazy("周六"),
    "7": gettext_lazy("周日"),
}

#: The days as HSDS and iCalendar write them.
ABBREVIATED = dict(zip(DAYS, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))

#: The last moment of a day, at which times may end.
END_OF_DAY = "24:00"

#: Times of one day at most.
MOST_SPANS = 4

_NAMES = {
    **{
        f"{begin}{end}": str(number)
        for begin in ("周", "星期", "礼拜")
        for number, end in enumerate("一二三四五六日", 1)
    },
    **{f"{begin}天": "7" for begin in ("周", "星期", "礼拜")},
    **{word: str(number) for number, word in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1)},
}

#: A range of days in one word, with its first and last day.
_RANGES = {"每天": ("1", "7"), "工作日": ("1", "5"), "周末": ("6", "7"), "daily": ("1", "7")}

_DAY = "|".join(sorted((*_NAMES, *_RANGES), key=len, reverse=True))
_TO = r"\s*(?:至|到|-|~|to)\s*"
_TIME = r"\d{1,2}\s*(?:[:点时]\s*(?:\d{1,2}\s*分?)?)"

_GROUP = re.compile(rf"({_DAY})[a-z]*(?:{_TO}({_DAY})[a-z]*)?")
_SPAN = re.compile(rf"({_TIME}){_TO}({_TIME})")
_BETWEEN = re.compile(r"[\s,、:和及]*")
#: A whole day, from its first moment to its last, and what people write for it.
WHOLE_DAY = ["00:00", END_OF_DAY]
_WHOLE = re.compile(r"全天(?:24\s*小时)?(?:开放)?|24\s*小时(?:开放)?|24\s*h(?:ours)?|all day")
_CLOSED = ("休息", "不开放", "关闭", "closed")
_PARTS = re.compile(r"[;\n。]")


class HoursField(forms.CharField):
    """The opening hours of a week, as people write them; the cleaned value is ``Hours``."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("开放时间"))
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "例如：周一至周五 9:00-12:00 13:30-17:00；周六 9:00-11:30。没写的日子不开放；昼夜都开放的写“每天 全天”。"
            ),
        )
        super().__init__(max_length=400, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        return read(super().clean(value) or "")


def read(text: str) -> dict[str, list[list[str]]]:
    """The opening hours that a text says; an empty mapping for an empty one. Raises ``ValidationError``."""
    found: dict[str, list[list[str]]] = {}
    for part in _PARTS.split("\n".join(typed.folded(line) for line in re.split(r"[\n\uff1b]", text))):
        if plain := part.strip().lower():
            named, spans = _part(plain)
            for day in named:
                if day in found:
                    raise _fault(_("“%(text)s”：%(day)s写了两次。"), part, day=DAYS[day])
                found[day] = spans
    return {day: found[day] for day in sorted(found) if found[day]}


def _part(text: str) -> tuple[list[str], list[list[str]]]:
    """The days and the times of one part of the text."""
    if _WHOLE.fullmatch(text):
        return list(DAYS), [list(WHOLE_DAY)]
    named, at = _named(text)
    rest = text[at:].strip()
    if named and _WHOLE.fullmatch(rest):
        return named, [list(WHOLE_DAY)]
    if not named:
        raise _fault(_("“%(text)s”：请先写星期几，例如“周一至周五 9:00-17:00”。"), text)
    if rest in _CLOSED:
        return named, []
    spans, at = [], 0
    while at < len(rest) and (span := _SPAN.match(rest, at)):
        spans.append([_time(span[1], text), _time(span[2], text)])
        blank = _BETWEEN.match(rest, span.end())
        at = blank.end() if blank else span.end()
    if not spans or at < len(rest) or len(spans) > MOST_SPANS:
        raise _fault(_("“%(text)s”：时间请写成“9:00-12:00 13:30-17:00”。"), text)
    times = [moment for span in spans for moment in span]
    if sorted(set(times)) != times:
        raise _fault(_("“%(text)s”：时间要一段接一段，结束要晚于开始。"), text)
    return named, spans


def _named(text: str) -> tuple[list[str], int]:
    """The days with which a text begins, and where they end."""
    named: list[str] = []
    at = 0
    while group := _GROUP.match(text, at):
        first, last = _RANGES.get(group[1]) or (_NAMES[group[1]],) * 2
        if group[2]:
            last = _RANGES.get(group[2], (_NAMES.get(group[2], first),))[-1]
        if last < first:
            raise _fault(_("“%(text)s”：日子的先后不对。"), text)
        named += [day for day in DAYS if first <= day <= last]
        blank = _BETWEEN.match(text, group.end())
        at = blank.end() if blank else group.end()
    return named, at


def _time(text: str, whole: str) -> str:
    """A time of day as it is stored; raises ``ValidationError``."""
    try:
        hours, minutes = days.hour(text).split(":")
        if f"{hours}:{minutes}" == END_OF_DAY:
            return END_OF_DAY
        return f"{time(int(hours), int(minutes)):%H:%M}"
    except ValueError:
        raise _fault(_("“%(text)s”：没有“%(time)s”这个时间。"), whole, time=text) from None


def _fault(words: str, text: str, **more: object) -> forms.ValidationError:
    """The error for a part of the text."""
    return forms.ValidationError(words % {"text": text.strip()[:40], **more}, code="hours")


def told(hours: Hours) -> list[tuple[Words, str]]:
    """Every day of the week with its times in words; nothing where no hours are known."""
    return [(words, spans_of(hours, day) or _("不开放")) for day, words in DAYS.items()] if hours else []


def spans_of(hours: Hours, day: str) -> str:
    """The times of one day in words; "" if it is closed."""
    return listed(
        _("全天") if [begin, end] == WHOLE_DAY else f"{begin}\u2013{end}" for begin, end in hours.get(day, ())
    )


def brief(hours: Hours) -> str:
    """The hours in one line, days with the same times together, in words that can be read again."""
    parts = []
    for group in groups(hours):
        first, last = DAYS[group[0]], DAYS[group[-1]]
        named = first if len(group) == 1 else _("%(first)s至%(last)s") % {"first": first, "last": last}
        times = " ".join(
            _("全天") if [begin, end] == WHOLE_DAY else f"{begin}-{end}" for begin, end in hours[group[0]]
        )
        parts.append(f"{named} {times}")
    return in_the_readers_language("\uff1b", "; ").join(parts)


def groups(hours: Hours) -> Iterable[list[str]]:
    """The days that are open, those in a row with the same times together."""
    group: list[str] = []
    for day in DAYS:
        if group and (day not in hours or list(hours[day]) != list(hours[group[0]])):
            yield group
            group = []
        if day in hours:
            group.append(day)
    if group:
        yield group
