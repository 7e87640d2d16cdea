"""Clauses as officials quote them, and on pages the way to their text.

Tables, rules and journal name a clause of the city's opinion by a short mark (S14); whoever
reads a page reads where it stands, and opens its text there. Any other basis is quoted as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.clauses.opinion import opinion, parts_by_clause

_MARK = re.compile(r"\b(S\d{1,2})\b", re.ASCII)


def quoted(basis: object) -> str:
    """《实施意见》三（二）2 for S14; what names no clause of the opinion stays as it is."""
    return _MARK.sub(lambda mark: _quotation(mark[0]), str(basis))


def quoted_and_linked(basis: object) -> SafeString:
    """A basis for a page: each clause is quoted and opens its text; all else is escaped."""
    return _replaced(_MARK, str(basis), _linked_mark, linked)


def linked(text: object) -> SafeString:
    """A text for a page in which each quotation of the opinion opens what it quotes.

    All else is escaped, but for a text that is markup already, which stays as it is.
    """
    words = str(text)
    if isinstance(words, SafeString):
        return words
    return _replaced(_quotations(), words, lambda found: _link(found, _addresses()[found]), str)


def parted(text: str) -> tuple[str, str]:
    """A sentence without the quotation in brackets that ends it, and that quotation (or nothing)."""
    found = _at_the_end().search(text)
    return (text[: found.start()], found[1]) if found else (text, "")


def _quotation(mark: str) -> str:
    part = parts_by_clause().get(mark)
    return part.quotation if part else mark


def _linked_mark(mark: str) -> str:
    part = parts_by_clause().get(mark)
    return _link(part.quotation, f"{part.get_absolute_url()}#{mark}") if part else mark


def _link(words: str, address: str) -> SafeString:
    """It opens a window of its own, so that a half-filled form stays where it is."""
    return format_html(
        '<a href="{}" target="_blank" rel="noopener" title="{}">{}</a>',
        address,
        _("看条文原文（新窗口）"),
        words,
    )


def _replaced(
    pattern: re.Pattern[str], text: str, found: Callable[[str], str], between: Callable[[str], str]
) -> SafeString:
    """A text as markup: what the pattern's one group finds, and what stands between, each made anew."""
    pieces = enumerate(pattern.split(text))
    return format_html_join("", "{}", ((found(each) if odd % 2 else between(each),) for odd, each in pieces))


@cache
def _addresses() -> dict[str, str]:
    """The page of every quotation that may stand in a text, in each language, and of the opinion itself."""
    addresses = {opinion().document_number: reverse("clauses")}
    for language, _name in settings.LANGUAGES:
        with override(language):
            addresses |= {
                part.quotation: part.get_absolute_url() for part in opinion().parts if part.sentences
            }
    return addresses


@cache
def _quotations() -> re.Pattern[str]:
    """Finds a quotation; the longer is tried first, and a figure behind it makes it another."""
    return re.compile(rf"({_any_quotation()})(?!\d)")


@cache
def _at_the_end() -> re.Pattern[str]:
    return re.compile(rf"\uff08({_any_quotation()})\uff09$")


def _any_quotation() -> str:
    return "|".join(map(re.escape, sorted(_addresses(), key=len, reverse=True)))
