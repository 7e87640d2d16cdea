"""Texts with placeholders in braces, as the city words them: what is wrong with one, and one filled with values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.wording import in_the_readers_language, listed

#: A placeholder as it stands in a text, and a brace that belongs to none.
PLACE, BRACE = re.compile(r"\{([^{}]*)\}"), re.compile(r"[{}]")


@dataclass(frozen=True)
class Placeholder:
    """A value that is put into a text: its name in the code, as it is written in braces, what it is in English, and an
    invented example. A text that leaves out one that it needs is refused.
    """

    key: str
    name: str
    label_en: str
    example: str
    needed: bool = False

    @property
    def written(self) -> str:
        """The placeholder as it is written into a text."""
        return f"{{{self.name}}}"

    @property
    def said(self) -> str:
        """How it is written, and what it is where the reader does not read its name."""
        return in_the_readers_language(self.written, f"{self.written} {self.label_en}")


Placeholders = Mapping[str, Placeholder]


def read(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Placeholder]:
    """The placeholders of a part in ``rules.yaml``; raises ``KeyError`` for one that is incomplete."""
    return {
        key: Placeholder(
            key,
            str(one["name"]),
            str(one["label_en"]),
            str(one["example"]),
            needed=bool(one.get("needed", False)),
        )
        for key, one in given.items()
    }


def filled(text: str, known: Placeholders, values: Mapping[str, object]) -> str:
    """The text with its placeholders filled; raises ``KeyError`` for one without a value."""
    keys = {one.name: key for key, one in known.items()}
    return PLACE.sub(lambda found: str(values[keys[found[1]]]), text)


def example(text: str, known: Placeholders) -> str:
    """The text filled with the invented examples."""
    return filled(text, known, {key: one.example for key, one in known.items()})


def fault(text: str, known: Placeholders) -> str:
    """What is wrong with the placeholders of a text; "" for nothing."""
    names = {one.name for one in known.values()}
    used = PLACE.findall(text)
    if BRACE.search(PLACE.sub("", text)):
        return _("花括号要成对，里面只写占位的名称。")
    if unknown := [name for name in used if name not in names]:
        words = _("不认识“{%(name)s}”。可以用：%(names)s。")
        return words % {"name": unknown[0][:20], "names": said(known)}
    if missing := [one for one in known.values() if one.needed and one.name not in used]:
        return _("缺少%(names)s，没有它收到的人办不了事。") % {"names": listed(one.said for one in missing)}
    return ""


def said(known: Placeholders) -> str:
    """The placeholders in words."""
    return listed(one.said for one in known.values())
