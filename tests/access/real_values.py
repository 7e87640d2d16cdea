"""What of the people of the city is protected, in plain, and which of it a reader is told by the declarations."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from openpyxl import load_workbook
from pypdf import PdfReader

from foundation.parties import those_read
from foundation.personal_data.disclosing import Disclosing, Telling, protected
from foundation.personal_data.fields import EncryptedField, Secret
from foundation.roles import Actor
from organizations.bodies.models import Organization
from organizations.people.models import User

#: The apps whose tables are about households; what others protect is about the staff and about providers.
ABOUT_PEOPLE = ("households", "referrals")

#: Letters that a value has at least: a shorter one stands in ordinary words.
SHORTEST = {"name": 3}
OTHERWISE = 9


def plain(obj: Any, name: str) -> str:
    """A protected value in plain, "" where it is too short to be told from ordinary words."""
    value = getattr(obj, name)
    text = value.plain() if isinstance(value, Secret) else str(value or "")
    field = next((one for one in obj._meta.concrete_fields if one.name == name), None)
    least = SHORTEST.get(getattr(field, "kind", ""), OTHERWISE)
    return text if len(text) >= least else ""


def identifying() -> dict[str, str]:
    """Every value that identifies somebody, in plain, with the column it stands in; no page tells it unasked."""
    found: dict[str, str] = {}
    for label in ABOUT_PEOPLE:
        for model in apps.get_app_config(label).get_models():
            names = [one.name for one in model._meta.concrete_fields if _identifies(one)]
            for obj in model._base_manager.all() if names else ():
                found |= {text: f"{model._meta.label}.{name}" for name in names if (text := plain(obj, name))}
    officials = set(User.objects.filter(private=False).values_list("full_name", flat=True))
    return {text: where for text, where in found.items() if text not in officials}


def _identifies(field: Any) -> bool:
    """Whether a column identifies somebody: notes are encrypted alike, and told as texts are."""
    return isinstance(field, EncryptedField) and field.kind != "note"


class Texts:
    """The free texts about people: of each, in which objects it stands."""

    def __init__(self) -> None:
        self.where: dict[str, list[tuple[Any, str]]] = defaultdict(list)
        organizations = set(Organization.objects.values_list("name", flat=True))
        for label in ABOUT_PEOPLE:
            for model in apps.get_app_config(label).get_models():
                if not issubclass(model, Disclosing):
                    continue
                for obj in model._base_manager.all():
                    for name in sorted(protected(model)):
                        if (text := plain(obj, name)) and text not in organizations:
                            self.where[text].append((obj, name))

    def not_for(self, reader: Actor) -> dict[str, str]:
        """The texts that this reader is told in plain of no object, with a column in which each stands."""
        seen: dict[type[Any], set[int]] = {}
        kept = {}
        for text, places in self.where.items():
            if not any(self._told(obj, name, reader, seen) for obj, name in places):
                obj, name = places[0]
                kept[text] = f"{obj._meta.label}.{name}"
        return kept

    def _told(self, obj: Any, name: str, reader: Actor, seen: dict[type[Any], set[int]]) -> bool:
        if obj.discloses(name, reader) is not Telling.PLAIN or name not in those_read(reader, obj, [name]):
            return False
        model = type(obj)
        if not hasattr(model, "seen_by"):  # a part, seen with its whole
            return True
        if model not in seen:
            seen[model] = set(model._default_manager.visible_to(reader).values_list("pk", flat=True))
        return obj.pk in seen[model]


def words_of(answer: Any) -> str:
    """What an answer tells, whatever its kind of file: a page, JSON, a calendar, a table, a PDF."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    if "pdf" in kind:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if "spreadsheet" in kind:
        return "\n".join(_cells_of(body))
    return body.decode(errors="replace")


def _cells_of(body: bytes) -> Iterator[str]:
    for sheet in load_workbook(io.BytesIO(body), read_only=True).worksheets:
        yield from (
            str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
        )


class Finder:
    """Finds which of many values a text holds, in one pass."""

    def __init__(self, values: Iterable[str]) -> None:
        longest_first = sorted(values, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def found_in(self, text: str) -> set[str]:
        """The values that the text holds."""
        return set(self._any.findall(text))
