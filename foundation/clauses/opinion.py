"""The city's opinion from ``opinion.yaml``: its parts in reading order, word for word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Sentence:
    """A sentence of the opinion; ``clause`` is its mark (S14) in the code, or ""."""

    text: str
    clause: str = ""


@dataclass(frozen=True)
class Part:
    """A chapter, section or point: ``number`` is 3.2.2, ``place`` the way in which officials quote it."""

    number: str
    place: str
    heading: str = ""
    sentences: tuple[Sentence, ...] = ()

    @property
    def quotation(self) -> str:
        """《实施意见》 with the place, in the reader's language."""
        english = (get_language() or "").startswith("en")
        return _("《实施意见》%(place)s") % {"place": self.number if english else self.place}

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
    """The document: its title, number, issuer and day of issue, and its parts."""

    title: str
    document_number: str
    issuer: str
    issued_on: date
    parts: tuple[Part, ...]

    def within(self, number: str) -> tuple[Part, ...]:
        """The part of that number after the parts that contain it; () if there is none."""
        found = {part.number: part for part in self.parts}
        steps = number.split(".")
        above = [".".join(steps[: end + 1]) for end in range(len(steps))]
        return tuple(found[outer] for outer in above) if number in found else ()

    def below(self, part: Part) -> tuple[Part, ...]:
        """The parts directly below a part."""
        return tuple(inner for inner in self.parts if inner.number.rpartition(".")[0] == part.number)


@cache
def opinion() -> Opinion:
    """The opinion, read from the file once."""
    document = yaml.safe_load(Path(__file__).with_name("opinion.yaml").read_text())
    return Opinion(**document | {"parts": tuple(map(_part, document["parts"]))})


@cache
def parts_by_clause() -> dict[str, Part]:
    """The part in which each clause is, by its mark."""
    return {clause: part for part in opinion().parts for clause in part.clauses}


def _part(row: dict[str, Any]) -> Part:
    sentences = tuple(Sentence(**sentence) for sentence in row.get("sentences", ()))
    return Part(**row | {"sentences": sentences})
