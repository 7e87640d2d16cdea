"""The kinds of need that the city takes, and what it calls them: the rule ``needs.offered``.

A kind that is not taken is not offered anywhere, and what was entered of it before stays as it is. A name that the city
leaves empty is the product's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from foundation.refusals import Invalid
from foundation.rules import reading
from organizations.responsibilities.need_kinds import NeedKind

RULE = "needs.offered"

#: Kinds that the product enters by itself, or that are left where nobody knows better.
ALWAYS = (NeedKind.SUPPLEMENT, NeedKind.OTHER)


#: The parts of a name, by language.
CHINESE, ENGLISH = "zh", "en"


def offered() -> list[str]:
    """The kinds that the city takes, in the order of the list."""
    return list(reading.current(RULE).value["kinds"])


def called(kind: str) -> str:
    """What a kind is called in the reader's language."""
    return _called(kind, reading.current(RULE).value["names"])


def _called(kind: str, names: Mapping[str, Mapping[str, str]]) -> str:
    english = (translation.get_language() or "").startswith("en")
    return names[kind][ENGLISH if english else CHINESE] or _ours(kind)


def _ours(kind: str) -> str:
    return str(NeedKind(kind).label)


class Named(Mapping[str, str]):
    """Every kind with what it is called; the rule is read with the first name, and once."""

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        names: Mapping[str, Mapping[str, str]] = reading.current(RULE).value["names"]
        return names

    def __getitem__(self, kind: str) -> str:
        return _called(kind, self._names)

    def __contains__(self, kind: object) -> bool:
        return kind in NeedKind.values

    def __iter__(self) -> Iterator[str]:
        return iter(NeedKind.values)

    def __len__(self) -> int:
        return len(NeedKind)


def choices() -> list[tuple[str, str]]:
    """The kinds that the city takes, each with what it is called."""
    taken = set(offered())
    return [choice for choice in Named().items() if choice[0] in taken]


def one_or_none() -> list[tuple[str, str]]:
    """The same, after a choice of none."""
    return [("", _("请选择")), *choices()]


def require(kind: str, field: str) -> None:
    """Raise ``Invalid`` at the field for a kind that the city does not take."""
    if kind not in offered():
        message = _("本市不受理“%(kind)s”。") % {"kind": called(kind)}
        raise Invalid(message, fields={field: message}, rule="S3")


class NeedKindField(models.CharField):
    """A column with a kind of need, shown by what the city calls it; in migrations it is a column of text."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)

        def display(obj: models.Model) -> str:
            kind = getattr(obj, name)
            return called(kind) if kind else ""

        setattr(cls, f"get_{name}_display", display)

    def get_col(self, alias: str, output_field: models.Field[Any, Any] | None = None) -> Any:
        """The column in an expression: a text like any other, which may stand beside others."""
        return super().get_col(alias, output_field or models.CharField(max_length=self.max_length))

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, given = super().deconstruct()
        return name, "django.db.models.CharField", args, given


def faults(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the parts of the rule: a kind that is needed is left out, two have one name."""
    found: dict[str, str] = {}
    if missing := [kind for kind in ALWAYS if kind not in values["kinds"]]:
        found["kinds"] = _("“%(kind)s”由系统登记，不能去掉。") % {"kind": missing[0].label}
    for language, code in ((CHINESE, "zh-hans"), (ENGLISH, "en")):
        with translation.override(code):
            ours = {kind: _ours(kind) for kind in NeedKind}
        taken: dict[str, NeedKind] = {}
        for kind in NeedKind:
            path = f"names.{kind}.{language}"
            name = (values[path] or ours[kind]).casefold()
            if (other := taken.setdefault(name, kind)) is not kind:
                wrong = path if values[path] else f"names.{other}.{language}"
                found[wrong] = _("两类需求不能同名：“%(name)s”。") % {"name": name}
    return found
