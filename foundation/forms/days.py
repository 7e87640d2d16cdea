"""Days and times of day as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime

from foundation import moments
from foundation.forms import typed

_PART = "[-./\u3002\u3001]"


_DAY = re.compile(
    rf"""(?P<year>\d{{4}})\ ?(?:{_PART}|年)\ ?(?P<month>\d{{1,2}})\ ?(?:{_PART}|月)\ ?(?P<day>\d{{1,2}})(?!\d)
    | (?P<year1>\d{{4}})(?P<month1>\d{{2}})(?P<day1>\d{{2}})(?!\d)
    | (?P<month2>\d{{1,2}})\ ?(?:{_PART}|月)\ ?(?P<day2>\d{{1,2}})(?![\d:])
    """,
    re.ASCII | re.VERBOSE,
)


_ENGLISH = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4}", re.ASCII)


#: What may follow a day: 日, a weekday in either language.
_AFTER_DAY = re.compile(
    r" ?[日号]? ?(?:\(?(?:周|星期)[一二三四五六日天]\)?|\((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\))?[ T]?"
)


def leading_day(text: str, *, ahead: bool | None = None) -> tuple[date, str] | None:
    """The day at the beginning of a text, and the rest of the text; None if there is none.

    A day without a year is of this year; with ``ahead`` true the next such day, with ``ahead``
    false the last one. Raises ``ValueError`` for a day that does not exist, as 30 February.
    """
    text = typed.folded(text)
    if english := _ENGLISH.match(text):
        found = datetime.strptime(english[0], "%d %b %Y").date()
        return found, _rest_after(text, english.end())
    match = _DAY.match(text)
    if match is None:
        return None
    year, month, day = (
        next((match[f"{part}{n}"] for n in ("", "1", "2") if match.groupdict().get(f"{part}{n}")), "")
        for part in ("year", "month", "day")
    )
    today = moments.today()
    found = date(int(year or today.year), int(month), int(day))
    if not year and ahead is not None and found != today and (found > today) != ahead:
        found = date(found.year + (1 if ahead else -1), found.month, found.day)
    return found, _rest_after(text, match.end())


def _rest_after(text: str, end: int) -> str:
    """What follows the day that ends at ``end``, without 日 and the weekday."""
    found = _AFTER_DAY.match(text, end)
    return text[found.end() if found else end :].strip()


def hour(text: str) -> str:
    """A time of day as 9:30, however it was written (9点30分, 9点)."""
    plain = re.sub(r"\s*[点时:]\s*", ":", typed.folded(text)).replace("分", "")
    return re.sub(r"^(\d{1,2}):$", r"\1:00", plain)
