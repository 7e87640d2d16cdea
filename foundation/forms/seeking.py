"""Choosing among many: a search field by number or name, in place of a list that grows with the city.

The page sends what was ticked as the field (primary keys, as programs send them) and what was typed beside
it, as ``<name>-sought``. What is ticked decides; typed text only finds, and where nothing was ticked beside
it the form is given back with what it found. A button of the field (``SEARCH``) asks for the list without
sending the form; it is the first button of the form, so that Enter presses it. So the field works without
scripts; with them, what is found is listed while one types (``FormPage``, ``seeking.js``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Case, Q, QuerySet, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.forms import typed
from foundation.forms.base import BoundTyped
from foundation.forms.number_search import containing, numbered
from foundation.numbering.series import Series
from foundation.refusals import Words
from foundation.wording import listed

#: How many objects are listed.
SHOWN = 8


#: How many a message names.
NAMED = 3


#: Behind the field's name: the name of what was typed.
SOUGHT = "-sought"


#: The name of the button that searches; its value is the field's name.
SEARCH = "search"


#: What the tick at "none" says beside a typed text, so that it differs from nothing ticked at all.
NOTHING = "-"


#: Narrows the objects that may be chosen to those that a text names.
Seek = Callable[[QuerySet[Any], str], QuerySet[Any]]


class Sought(str):
    """A text that was typed to find an object, and no primary key."""

    __slots__ = ()


class SeekingInput(forms.Widget):
    """Reads what was ticked, or else what was typed; drawn by ``components/seeking.html``."""

    use_fieldset = True
    choices: Any = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        picked = data.get(name)
        text = data.get(name + SOUGHT)
        return Sought(text) if text and picked in (None, "") else picked


class SeekingSeveralInput(SeekingInput):
    """The same for several objects: a list, with what was typed at its end."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        picked = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        text = data.get(name + SOUGHT)
        return [*(picked or ()), Sought(text)] if text else picked


@dataclass(frozen=True)
class Option:
    """One object that may be picked."""

    value: Any
    label: str
    picked: bool


class BoundSeeking(BoundTyped):
    """A search field on a page: what was typed, and what is listed below it."""

    field: SoughtField | SoughtListField | SoughtWordField

    @property
    def kind(self) -> str:
        """The type of the inputs by which one picks."""
        return "checkbox" if isinstance(self.field, SoughtListField) else "radio"

    @property
    def sought(self) -> str:
        """What was typed."""
        given: Any = self.form.data if self.form.is_bound else self.form.initial
        return typed.folded(str(given.get(self.html_name + SOUGHT) or ""))

    @cached_property
    def options(self) -> list[Option]:
        """What was picked, then what was found, or without a text the newest; beside what is preset nothing else."""
        picked = list(self.field.picked(self.value()))
        names = self.field.label_from_instance
        own = {found.pk for found in picked}
        others = [] if self._preset else self._listed
        value = self.field.prepare_value
        return [
            *(Option(value(found), names(found), True) for found in picked),
            *(Option(value(found), names(found), False) for found in others[:SHOWN] if found.pk not in own),
        ]

    @property
    def more(self) -> bool:
        """Whether more was found than is listed."""
        return bool(self.options) and not self._preset and len(self._listed) > SHOWN

    @cached_property
    def _preset(self) -> bool:
        """Whether something is picked in a form that was opened, and nothing was typed yet."""
        opened = not self.form.is_bound and not self.sought
        return opened and bool(self.field.picked(self.value()))

    @property
    def may_be_empty(self) -> bool:
        """Whether nothing at all can be picked instead of one."""
        return self.kind == "radio" and not self.field.required

    @property
    def nothing(self) -> str:
        """What the tick at "none" sends: under a typed text it must have been set by hand."""
        return NOTHING if self.sought else ""

    @property
    def nothing_ticked(self) -> bool:
        """Whether "none" is ticked: by somebody, or because nothing was typed or ticked yet."""
        value = self.value()
        if value == NOTHING and not isinstance(value, Sought):
            return True
        return not self.sought and not any(option.picked for option in self.options)

    @property
    def searched(self) -> bool:
        """Whether the button of this field was pressed."""
        return self.form.data.get(SEARCH) == self.html_name

    @cached_property
    def _listed(self) -> list[Any]:
        return list(self.field.found(self.sought)[: SHOWN + 1])


class _Searched:
    """What all search fields share: where nothing is ticked beside a typed text, it is said what that finds."""

    seeks = True
    bound_field_class: Any = BoundSeeking

    @staticmethod
    def as_typed(text: str) -> str:
        """The text folded; a text that was typed to search stays one."""
        return type(text)(typed.folded(text))

    @staticmethod
    def ask_to_tick(text: str, found: QuerySet[Any] | Sequence[Any]) -> None:
        """Raises ``ValidationError``: nothing is ticked beside the text, whether it has ``found`` any or not."""
        names = [str(one) for one in found[: NAMED + 1]]
        if not names:
            raise forms.ValidationError(
                _("没有找到“%(text)s”。请核对编号或名称。"), code="none", params={"text": text[:40]}
            )
        more = " …" if len(names) > NAMED else ""
        raise forms.ValidationError(
            _("“%(text)s”找到：%(names)s%(more)s。请在下面选定。"),
            code="not_ticked",
            params={"text": text[:40], "names": listed(names[:NAMED]), "more": more},
        )


class _Seeking(_Searched):
    """What fields among objects share: ``seek`` narrows the objects to those that a text names."""

    queryset: Any
    to_field_name: str | None
    label_from_instance: Callable[[Any], str]

    def __init__(self, *, seek: Seek, hint: Words = "", **kwargs: Any) -> None:
        self.seek, self.hint = seek, hint or _("输入编号或名称的一部分")
        super().__init__(**kwargs)

    def found(self, text: str) -> QuerySet[Any]:
        """What may be chosen and is named by the text, newest first unless ``seek`` has an order of its own;
        everything for no text.
        """
        if not text:
            return self.queryset.order_by("-pk")
        found = self.seek(self.queryset.order_by(), text)
        return found if found.query.order_by else found.order_by("-pk")

    def picked(self, value: Any) -> QuerySet[Any]:
        """The objects of a value that may be chosen."""
        values = value if isinstance(value, list | tuple) else [value]
        name = self.to_field_name
        keys = [getattr(one, name or "pk", one) for one in values if not isinstance(one, Sought)]
        if name:
            return self.queryset.filter(**{f"{name}__in": [key for key in keys if key]})
        whole = [key for key in keys if isinstance(key, int) or typed.whole_number(str(key or ""))]
        return self.queryset.filter(pk__in=whole) if whole else self.queryset.none()


class SoughtField(_Seeking, forms.ModelChoiceField):
    """One of many objects, found by number or name."""

    widget = SeekingInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Sought):
            self.ask_to_tick(value, self.found(value))
        return super().to_python(None if value == NOTHING else value)


@dataclass(frozen=True)
class Word:
    """One of the words among which a search field chooses; ``further`` is a text by which it is found as well."""

    pk: str
    label: str
    further: str = ""

    def __str__(self) -> str:
        return self.label


class SoughtWordField(_Searched, forms.ChoiceField):
    """One of many words that stand in no table, found by a part of what it is called; its form sets ``words``."""

    widget = SeekingInput
    words: Sequence[Word] = ()

    def __init__(self, *, hint: Words, **kwargs: Any) -> None:
        self.hint = hint
        super().__init__(**kwargs)

    def choose_among(self, words: Sequence[Word]) -> None:
        """Set the words, in the order in which they are listed."""
        self.words = words
        self.choices = [(word.pk, word.label) for word in words]

    def found(self, text: str) -> list[Word]:
        """The words that are called so, or further texts of which say so; all of them for no text."""
        part = text.lower()
        return [word for word in self.words if part in f"{word.label}\n{word.further}".lower()]

    def picked(self, value: Any) -> list[Word]:
        """The word of a value, if it is one of them."""
        return [word for word in self.words if word.pk == value and not isinstance(value, Sought)]

    def label_from_instance(self, word: Word) -> str:
        """What it is called."""
        return word.label

    def prepare_value(self, value: Any) -> Any:
        """The value by which a word is sent."""
        return value.pk if isinstance(value, Word) else value

    def to_python(self, value: Any) -> str:
        if isinstance(value, Sought):
            self.ask_to_tick(value, self.found(value))
        return str(super().to_python(None if value == NOTHING else value))


class SoughtListField(_Seeking, forms.ModelMultipleChoiceField):
    """Several of many objects. A typed text must have found one of those ticked beside it."""

    widget = SeekingSeveralInput

    def clean(self, value: Any) -> Any:
        values = value if isinstance(value, list | tuple) else []
        picked = [one for one in values if not isinstance(one, Sought)]
        for text in (one for one in values if isinstance(one, Sought)):
            if not self.picked(picked).filter(pk__in=self.found(text).values("pk")).exists():
                self.ask_to_tick(text, self.found(text))
        return super().clean(picked if values else value)


def by_number(series: Series, *names: str, lookup: str = "number") -> Seek:
    """Finds by a part of an official number of that series, or of what stands in ``names``.

    What the text begins, or is the whole running number of, comes first.
    """

    def seek(found: QuerySet[Any], text: str) -> QuerySet[Any]:
        # Read at once: PostgreSQL takes a list of numbers for more rows than there are, and would read all.
        begun = set(numbered(found, text, series, lookup).order_by().values_list("pk", flat=True))
        part = containing(found, text, series, lookup).order_by().values_list("pk", flat=True)
        called = Q(pk__in=begun.union(part))
        for name in names:
            called |= Q(**{f"{name}__icontains": text})
        first = Case(When(pk__in=begun, then=0), default=1)
        return found.filter(called).order_by(*((first, "-pk") if begun else ("-pk",)))

    return seek
