"""What an object is about, at a glance: the facts that stand above the form of each of its transitions.

A model names them in ``LifecycleModel.at_a_glance``. A reader is shown no more of them than on the object's own page:
``read_by`` and ``discloses`` are asked here too, and what is encrypted is masked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from foundation.lifecycle.rows import Transition
from foundation.parties import those_read
from foundation.personal_data.disclosing import delicate
from foundation.personal_data.fields import EncryptedField
from foundation.refusals import Words
from foundation.roles import Actor
from foundation.wording import day, figure, moment, money

if TYPE_CHECKING:
    from foundation.journal.timeline import Line
    from foundation.lifecycle.models import LifecycleModel

#: A field, with the label of its column; or a property with its own label.
Fact = str | tuple[str, Words]

#: How a fact is drawn: as lines of text, as links, as a masked value that may be looked at, as a text about somebody.
LINES, LINKS, SECRET, TOLD = "lines", "links", "secret", "told"


@dataclass(frozen=True)
class Shown:
    """One fact as a reader sees it; ``lines`` are empty where it is drawn by the name of its field."""

    label: str
    name: str
    drawn: str
    lines: tuple[str, ...] = ()


def facts_of(obj: LifecycleModel, reader: Actor) -> list[Shown]:
    """The facts of an object that the reader may read, and that are filled."""
    model = type(obj)
    names = [name_of(fact) for fact in model.at_a_glance]
    read = those_read(reader, obj, names)
    return [
        shown for fact in model.at_a_glance if name_of(fact) in read and (shown := _shown(obj, fact, reader))
    ]


def name_of(fact: Fact) -> str:
    """The name of the field or property behind a fact."""
    return fact if isinstance(fact, str) else fact[0]


def field_of(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
    """The column of that name; None for a property."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def before(row: Transition, obj: LifecycleModel, reader: Actor) -> Line | None:
    """The last of the steps that another person must have made before this one, as the reader may read it: who did
    it, when, and for which reason. None where the transition is nobody else's.
    """
    if not row.apart_from:
        return None
    from foundation.journal import timeline  # imported late: it imports tables

    wanted = models.Q(lifecycle=obj.lifecycle.label, object_id=obj.pk, move__in=row.apart_from)
    return next(iter(timeline.lines(wanted, reader=reader, limit=1)), None)


def _shown(obj: LifecycleModel, fact: Fact, reader: Actor) -> Shown | None:
    """The fact as the reader sees it; None where there is nothing to see."""
    name = name_of(fact)
    field = field_of(type(obj), name)
    label = str(field.verbose_name if isinstance(fact, str) and field is not None else fact[1])
    if getattr(obj, name) in (None, "", [], ()):
        return None
    if isinstance(field, EncryptedField):
        return Shown(label, name, SECRET) if _may_reveal(obj, name, reader) else None
    if name in delicate(type(obj)):
        return Shown(label, name, TOLD)
    lines = tuple(_in_words(obj, name, field))
    drawn = LINKS if isinstance(field, models.URLField) else LINES
    return Shown(label, name, drawn, lines) if lines else None


def _may_reveal(obj: Any, name: str, reader: Actor) -> bool:
    asked = getattr(obj, "may_reveal", None)
    return bool(asked is not None and asked(reader, name))


def _in_words(obj: Any, name: str, field: models.Field[Any, Any] | None) -> Iterator[str]:
    """The value of a fact in words, one line each."""
    value = getattr(obj, name)
    if field is not None and field.choices and not isinstance(value, list):
        yield str(getattr(obj, f"get_{name}_display")())
        return
    found = value.all() if isinstance(field, models.ManyToManyField) else value
    for part in found if isinstance(found, list | tuple | models.QuerySet) else [found]:
        yield _said(part, field)


def _said(value: object, field: models.Field[Any, Any] | None) -> str:
    """One value in words: days and moments in full, amounts of money with two places, people by their names."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        amount = isinstance(field, models.DecimalField) and field.decimal_places == 2
        return money(value) if amount else figure(value)
    return str(value.get_full_name()) if isinstance(value, AbstractUser) else str(value)
