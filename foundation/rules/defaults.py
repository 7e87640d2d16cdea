"""The default rules, from ``rules.yaml`` of each package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.rules import fields
from foundation.rules.fields import Field
from foundation.rules.together import OfADeadline, Together, read_together
from foundation.wording import listed

#: How the keys of deadlines begin.
DEADLINE = "deadline."


@dataclass(frozen=True)
class Rule:
    """A rule as it applied: the ``part`` of the product that declares it (the label of a package), its value, its
    version (0 is the default) and its basis.

    ``texts`` are the words of ``rules.yaml`` in both languages: the title and, except for deadlines,
    the sentence that says the value. ``fields`` are its parts, ``together`` what these must be beside each other.
    """

    key: str
    part: str
    version: int
    value: Any
    basis: str
    texts: Mapping[str, str]
    fields: Mapping[str, Field]
    together: Together

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self._local("title")

    @property
    def lists(self) -> bool:
        """Whether a part of it is a list of choices, of words or of pairs."""
        return any(field.listing for field in self.fields.values())

    def said(self, value: Any = None) -> str:
        """A value of this rule (by default its own) in words."""
        value = self.value if value is None else value
        if not self.key.startswith(DEADLINE):
            return self._local("says").format(
                **{name: self._worded(name, part) for name, part in value.items()}
            )
        template = {
            "working_days": _("%(amount)s 个工作日，提前 %(remind_hours)s 小时提醒"),
            "calendar_days": _("%(amount)s 天，提前 %(remind_hours)s 小时提醒"),
            "hours": _("%(amount)s 小时，提前 %(remind_hours)s 小时提醒"),
        }
        return template[str(value["unit"])] % value

    def _worded(self, name: str, part: Any) -> Any:
        """A part of the value in its sentence; of choices, or pairs of them, the names."""
        field = self.fields.get(name)
        if field is not None and field.unit in ("pairs", "several") and (field.choices() or field.names()):
            return field.said(part)
        return _worded(part)

    def _local(self, name: str) -> str:
        """One of ``texts`` in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.texts[f"{name}_en" if english else name]


def _worded(value: Any) -> Any:
    """A list as 3、7、15, pairs with a plus, thousands with their separator."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if not isinstance(value, list):
        return value
    return listed("+".join(map(str, v)) if isinstance(v, list) else str(v) for v in value) or _("无")


@cache
def defaults() -> dict[str, Rule]:
    """Every rule's default by key."""
    found: dict[str, Rule] = {}
    for config in apps.get_app_configs():
        path = Path(config.path) / "rules.yaml"
        if path.is_relative_to(settings.BASE_DIR) and path.exists():
            for key, row in (yaml.safe_load(path.read_text()) or {}).items():
                texts = {name: str(row[name]) for name in row if name.startswith(("title", "says"))}
                basis = str(row.get("basis", ""))
                found[key] = Rule(key, config.label, 0, row["value"], basis, texts, *_parts(key, row))
    return found


def _parts(key: str, row: Mapping[str, Any]) -> tuple[Mapping[str, Field], Together]:
    """The fields of a rule, and what they must be together."""
    if key.startswith(DEADLINE):
        return _of_deadlines(), OfADeadline()
    return fields.read(row), read_together(row)


@cache
def _of_deadlines() -> Mapping[str, Field]:
    """The fields of every deadline."""
    return fields.read(yaml.safe_load(Path(__file__).with_name("deadline.yaml").read_text()))


def default(key: str) -> Rule:
    """The default of a rule; raises ``KeyError`` if no package declares it."""
    return defaults()[key]
