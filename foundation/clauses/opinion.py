"""The document that the city carries out, here its opinion: its parts in reading order, word for word."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.city import reading
from foundation.city.models import City


@dataclass(frozen=True)
class Called:
    """The short name of a document, and its English one where there is one."""

    name: str = ""
    name_en: str = ""

    @property
    def quoted(self) -> str:
        """It in the reader's language, as it is quoted: 《实施意见》; words for a document without a name."""
        if (get_language() or "").startswith("en"):
            return self.name_en or self.name or _("本市规定")
        return f"《{self.name}》" if self.name else _("本市规定")


#: The name of a document that has none yet.
NAMELESS = Called()


@dataclass(frozen=True)
class Sentence:
    """A sentence of the opinion; ``clause`` is its mark (S14) in the code, or ""."""

    text: str
    clause: str = ""


@dataclass(frozen=True)
class Part:
    """A chapter, section or point: ``number`` is 3.2.2, ``place`` the way in which officials quote it.

    ``called`` is the short name of the document in each language.
    """

    number: str
    place: str
    heading: str = ""
    sentences: tuple[Sentence, ...] = ()
    called: Called = field(default=NAMELESS, kw_only=True)

    @property
    def quotation(self) -> str:
        """《实施意见》 with the place, in the reader's language."""
        english = (get_language() or "").startswith("en")
        return f"{self.called.quoted}{' ' if english else ''}{self.number if english else self.place}"

    @property
    def depth(self) -> int:
        """1 for a chapter, 2 for a section, 3 for a point of a section."""
        return self.number.count(".") + 1

    @property
    def clauses(self) -> frozenset[str]:
        """The marks of its sentences."""
        return frozenset(sentence.clause for sentence in self.sentences if sentence.clause)

    def get_absolute_url(self) -> str:
        """The address of the page with its text."""
        return reverse("clause", args=[self.number])


@dataclass(frozen=True)
class Opinion:
    """The document: its title, number, issuer and day of issue, and its parts; empty before a city has named it."""

    title: str
    called: Called
    document_number: str
    issuer: str
    issued_on: date | None
    parts: tuple[Part, ...]

    def within(self, number: str) -> tuple[Part, ...]:
        """The part of that number after the parts that contain it; () if there is none."""
        found = {part.number: part for part in self.parts}
        steps = number.split(".")
        above = [".".join(steps[: end + 1]) for end in range(len(steps))]
        return tuple(found[outer] for outer in above if outer in found) if number in found else ()

    def below(self, part: Part) -> tuple[Part, ...]:
        """The parts directly below a part."""
        return tuple(inner for inner in self.parts if inner.number.rpartition(".")[0] == part.number)


def opinion() -> Opinion:
    """The document of the city; each wording of it is read once."""
    return _as_worded(reading.current().document_digest)


def wording() -> str:
    """What changes with any word of the document."""
    return reading.current().document_digest


@lru_cache(maxsize=4)
def _as_worded(digest: str) -> Opinion:
    """The document of that digest; an empty one for ""."""
    city = City.objects.filter(document_digest=digest).first() if digest else None
    return of_city(city or City())


def of_city(city: City) -> Opinion:
    """The document as the city's row has it."""
    called = Called(city.document_called, city.document_called_en)
    return Opinion(
        title=city.document_title,
        called=called,
        document_number=city.document_number,
        issuer=city.document_issuer,
        issued_on=city.document_issued_on,
        parts=tuple(_part(row, called) for row in city.document_parts),
    )


def parts_by_clause() -> dict[str, Part]:
    """The part in which each clause is, by its mark."""
    return {clause: part for part in opinion().parts for clause in part.clauses}


def _part(row: dict[str, Any], called: Called) -> Part:
    sentences = tuple(Sentence(**sentence) for sentence in row.get("sentences", ()))
    return Part(**row | {"sentences": sentences, "called": called})
