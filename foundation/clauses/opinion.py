"""The city's opinion as ``opinion.yaml`` holds it: its parts in reading order, word for word."""

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
    """Some words of the opinion; ``clause`` is the mark (S14) by which code names them, or empty."""

    text: str
    clause: str = ""


@dataclass(frozen=True)
class Part:
    """A chapter, section or point: ``number`` is 3.2.2, ``place`` is how officials count it."""

    number: str
    place: str
    heading: str = ""
    sentences: tuple[Sentence, ...] = ()

    @property
    def quotation(self) -> str:
        """《实施意见》 and the place, in the reader's language."""
        english = (get_language() or "").startswith("en")
        return _("《实施意见》%(place)s") % {"place": self.number if english else self.place}

    @property
    def depth(self) -> int:
        """1 for a chapter, 2 for what stands in it, 3 for a point of a section."""
        return self.number.count(".") + 1

    @property
    def clauses(self) -> frozenset[str]:
        """The marks of its sentences."""
        return frozenset(sentence.clause for sentence in self.sentences if sentence.clause)

    def get_absolute_url(self) -> str:
        """The page with its text."""
        return reverse("clause", args=[self.number])


@dataclass(frozen=True)
class Opinion:
    """The document: what it is called, who issued it when, and its parts."""

    title: str
    document_number: str
    issuer: str
    issued_on: date
    parts: tuple[Part, ...]

    def within(self, number: str) -> tuple[Part, ...]:
        """The headings under which a part stands, and the part itself; empty if there is none."""
        found = {part.number: part for part in self.parts}
        steps = number.split(".")
        above = [".".join(steps[: end + 1]) for end in range(len(steps))]
        return tuple(found[each] for each in above) if number in found else ()

    def below(self, part: Part) -> tuple[Part, ...]:
        """What stands directly under a part."""
        return tuple(each for each in self.parts if each.number.rpartition(".")[0] == part.number)


@cache
def opinion() -> Opinion:
    """The opinion, read once."""
    kept = yaml.safe_load(Path(__file__).with_name("opinion.yaml").read_text())
    return Opinion(**kept | {"parts": tuple(map(_part, kept["parts"]))})


@cache
def parts_by_clause() -> dict[str, Part]:
    """Where each clause that code names stands."""
    return {clause: part for part in opinion().parts for clause in part.clauses}


def _part(row: dict[str, Any]) -> Part:
    sentences = tuple(Sentence(**sentence) for sentence in row.get("sentences", ()))
    return Part(**row | {"sentences": sentences})
