"""Clauses of the opinion as officials quote them, with links to their text.

Tables, rules and journal name a clause by a short mark (S14); pages show its place and link to
the text. Any other basis is shown as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from foundation.clauses.opinion import opinion, parts_by_clause, wording
from foundation.refusals import Words
from foundation.roles import Actor

_MARK = re.compile(r"\b(S\d{1,2})\b", re.ASCII)


def quoted(basis: object) -> str:
    """The text with each mark replaced: S14 becomes 《实施意见》三（二）2, and a clause that the city's document does not
    have, nothing: only what can be read is quoted.
    """
    return _MARK.sub(lambda mark: _quotation(mark[0]), str(basis))


def with_basis(words: Words, basis: str) -> str:
    """A sentence with the clause behind it in brackets; alone where that is not in the city's document."""
    quotation = quoted(basis)
    if not quotation:
        return str(words)
    return _("%(words)s（%(basis)s）") % {"words": words, "basis": quotation}


def quoted_and_linked(basis: object) -> SafeString:
    """A basis as HTML: each mark becomes a quotation linked to its text; all else is escaped."""
    return _quoted_and_linked(str(basis), get_language(), wording())


@lru_cache(maxsize=1000)
def _quoted_and_linked(basis: str, language: str | None, wording: str) -> SafeString:
    return _replaced(_MARK, basis, _linked_mark, linked)


def linked(text: object) -> SafeString:
    """A text as HTML in which each quotation of the opinion is a link to its text.

    All else is escaped; a safe string stays as it is.
    """
    words = str(text)
    if isinstance(words, SafeString):
        return words
    asked = wording()
    if not _addresses(asked):
        return format_html("{}", words)
    return _replaced(_quotations(asked), words, lambda found: _link(found, _addresses(asked)[found]), str)


def parted(text: str) -> tuple[str, str]:
    """A text without the quotation in brackets at its end, and that quotation ("" for none)."""
    found = _at_the_end(wording()).search(text)
    return (text[: found.start()], found[1]) if found else (text, "")


def _quotation(mark: str) -> str:
    """The quotation of a mark; "" if the document has no such clause."""
    part = parts_by_clause().get(mark)
    return part.quotation if part else ""


def _linked_mark(mark: str) -> str:
    """The quotation of a mark, linked to the sentence; "" if the document has no such clause."""
    part = parts_by_clause().get(mark)
    if part is None:
        return ""
    return _link(part.quotation, f"{part.get_absolute_url()}#{mark}")


def _link(words: str, address: str) -> SafeString:
    """A link in a new window, so that a form being filled in stays open."""
    return format_html(
        '<a href="{}" target="_blank" rel="noopener" title="{}">{}</a>',
        address,
        _("看条文原文（新窗口）"),
        words,
    )


def _replaced(
    pattern: re.Pattern[str], text: str, found: Callable[[str], str], between: Callable[[str], str]
) -> SafeString:
    """A text as HTML: ``found`` is applied to what the pattern's one group matches, ``between`` to the rest."""
    pieces = enumerate(pattern.split(text))
    return format_html_join(
        "", "{}", ((found(piece) if odd % 2 else between(piece),) for odd, piece in pieces)
    )


def named_to(reader: Actor | None) -> bool:
    """Whether pages name clauses to a reader: a household is told what to do, not by which clause."""
    return reader is None or not reader.private


@lru_cache(maxsize=4)
def _addresses(wording: str) -> dict[str, str]:
    """The address of each quotation in each language, and of the document by its number."""
    number = opinion().document_number
    addresses = {number: reverse("clauses")} if number else {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            addresses |= {
                part.quotation: part.get_absolute_url() for part in opinion().parts if part.sentences
            }
    return addresses


@lru_cache(maxsize=4)
def _quotations(wording: str) -> re.Pattern[str]:
    """The pattern of quotations: longer ones first, and none that goes on with a digit."""
    return re.compile(rf"({_any_quotation(wording)})(?!\d)")


@lru_cache(maxsize=4)
def _at_the_end(wording: str) -> re.Pattern[str]:
    """The pattern of a quotation in brackets at the end of a text."""
    return re.compile(rf"(?:\uff08| \()({_any_quotation(wording)})[\uff09)]$")


def _any_quotation(wording: str) -> str:
    """The alternatives of all quotations, longest first; of a document without any its name."""
    found = sorted(_addresses(wording), key=len, reverse=True) or [opinion().called.quoted]
    return "|".join(map(re.escape, found))
