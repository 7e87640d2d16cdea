"""Data in words: days, moments and amounts, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import cast

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from foundation.moments import SHANGHAI
from foundation.refusals import Unsaid, Words

WEEKDAYS = "一二三四五六日"


def in_the_readers_language(chinese: str, english: str) -> str:
    """The English text for English readers if there is one, else the Chinese."""
    wanted = (translation.get_language() or "").startswith("en")
    return english if english and wanted else chinese


def in_each_language(*texts: Callable[[], str]) -> list[dict[str, str]]:
    """Each text in each language of the product, to be kept for readers of any."""
    found: list[dict[str, str]] = [{} for _text in texts]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for text, by_language in zip(texts, found, strict=True):
                by_language[language] = text()
    return found


def in_this_language(texts: Mapping[str, str]) -> str:
    """Of a text that is kept in each language, that of the reader's, else the first."""
    return texts.get(translation.get_language() or "") or next(iter(texts.values()), "")


def on_record(words: object) -> str:
    """Words, or the name of an object, in the language of the records, whoever acts."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(words)


def filled(words: Words, /, **values: object) -> Unsaid:
    """Words with their places filled when they are shown, in the language of whoever reads them then; days and
    moments are said as ``day`` and ``moment``, several names as ``listed``.
    """
    return _filled_when_shown(words, values)


def said_when_shown(words: Callable[..., str], *given: object) -> Unsaid:
    """What a function of texts gives, asked when it is shown, in the language of whoever reads it then."""
    return _asked_when_shown(words, given)


def _ask(words: Callable[..., str], given: tuple[object, ...]) -> str:
    return words(*given)


#: ``lazy`` gives a promise of the text, typed as the text itself.
_asked_when_shown = cast("Callable[[Callable[..., str], tuple[object, ...]], Unsaid]", lazy(_ask, str))


def said_together(*words: Words) -> Unsaid:
    """Several sentences one after the other, translated when they are shown."""
    return said_when_shown(_one_after_the_other, *words)


def _one_after_the_other(*sentences: Words) -> str:
    """Sentences with a blank between them where the reader's language writes one."""
    return in_the_readers_language("", " ").join(map(str, sentences))


def listed(names: Iterable[object]) -> str:
    """Names one after the other: 甲、乙, or A, B."""
    return between_names().join(map(str, names))


def labelled(what: object, said: object) -> str:
    """What something is, and what is said of it: 甲：乙, or A: B."""
    return _("%(what)s：%(why)s") % {"what": what, "why": said}


def aside(what: object, more: object) -> str:
    """Something, with more of it in brackets: 甲（乙）, or A (B)."""
    return _("%(what)s（%(more)s）") % {"what": what, "more": more}


def between_names() -> str:
    """What stands between two names of several."""
    return in_the_readers_language("、", ", ")


def _fill(words: Words, values: dict[str, object]) -> str:
    return str(words) % {name: _said(value) for name, value in values.items()}


def _said(value: object) -> object:
    """A value as words take it."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, list | tuple):
        return listed(value)
    return day(value) if isinstance(value, date) else value


_filled_when_shown = cast("Callable[[Words, dict[str, object]], Unsaid]", lazy(_fill, str))


def day(value: date | datetime | None) -> str:
    """2026年3月5日（周四）, or 5 Mar 2026 (Thu); "" for None."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    if (translation.get_language() or "").startswith("en"):
        return f"{value.day} {value:%b %Y (%a)}"
    return f"{value.year}年{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"


def moment(value: datetime | None) -> str:
    """A day with the time of day; "" for None."""
    return f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}" if value else ""


def last_day(due: datetime) -> date:
    """The last day before a deadline: one that ends at midnight is the day before."""
    return (due - timedelta(seconds=1)).astimezone(SHANGHAI).date()


def until(due: datetime | None) -> str:
    """A deadline in words; one at midnight is 24:00 of the day before. "" for None."""
    if not due:
        return ""
    at_midnight = due.astimezone(SHANGHAI).time() == time()
    return f"{day(last_day(due))} 24:00" if at_midnight else moment(due)


def money(value: Decimal | str | None) -> str:
    """An amount in CNY as 1,200.00; "" for None. A text is an amount as records store it."""
    return "" if value in (None, "") else f"{Decimal(str(value)):,.2f}"


def percent(value: float | None) -> str:
    """0.873 as 87%; "" for None."""
    return "" if value is None else f"{value * 100:.0f}%"


def figure(value: Decimal | int | str | None) -> str:
    """A price or quantity in a sentence: 1,200 or 1,200.50; "" for None."""
    if value in (None, ""):
        return ""
    number = Decimal(str(value))
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"
