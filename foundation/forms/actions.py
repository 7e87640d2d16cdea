"""The base of the forms of actions, the same for page and API.

Fields accept what people type (2026.3.5, 3月5日, an ID number with spaces), and their messages
say how to correct what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from foundation.drafts.keeping import UNKEPT
from foundation.forms.choosing import Choosing
from foundation.forms.fields import TitleField
from foundation.forms.seeking import SOUGHT
from foundation.forms.typed import whole_number
from foundation.forms.uploads import SIGNATURES as SIGNATURES
from foundation.forms.uploads import UploadField as UploadField
from foundation.forms.uploads import UploadsField as UploadsField
from foundation.forms.uploads import kind_of as kind_of
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.personal_data.masking import mask_name
from foundation.refusals import Refused, Words
from foundation.roles import Actor
from foundation.wording import said_together


class ActionForm(Choosing):
    """The base of every action's form; it knows the actor, the object and the row of the table."""

    #: A template of its own instead of the common one.
    template = ""
    #: The template of facts about the object, shown above the form.
    facts = ""
    #: Whether drafts of it are saved. A form that is nothing but a consent
    #: saves none.
    keeps_draft = True
    #: Whether it waits in the browser without a connection: "each" where every sending adds a
    #: record, "whole" where it replaces what was sent before.
    offline = ""
    #: Fields that the page shows only once they are wrong or filled.
    on_demand: tuple[str, ...] = ()
    #: Whether ``prepare`` fills the fields with the object's values: then what a
    #: program leaves out of its body stays unchanged.
    changes = False
    #: Where to go instead of what was refused: the field, the words of the link, and its address. Programs are not told.
    ways_out: Sequence[tuple[str, Words, str]] = ()

    def __init__(
        self,
        *args: Any,
        actor: Actor | None = None,
        obj: Any = None,
        row: Transition | Start | None = None,
        **kwargs: Any,
    ) -> None:
        self.actor, self.obj, self.row = actor, obj, row
        super().__init__(*args, **kwargs)
        if isinstance(row, Transition) and row.reason:
            self.fields["reason"] = _reason_field(row)
            if isinstance(row.reason, type):  # the facts follow the reason that they prove
                self.order_fields(["reason"])
        self.prepare()
        self.preselect_single_choice()

    def prepare(self) -> None:
        """Set choices and initial values from ``obj`` and ``actor``."""

    @property
    def by(self) -> Actor:
        """The actor; raises ``TypeError`` for a blank form, which has none."""
        if self.actor is None:
            raise TypeError("nobody acts by this form")
        return self.actor

    def clean(self) -> dict[str, Any]:
        super().clean()
        return self.cleaned_data

    @property
    def asked_now(self) -> list[forms.BoundField]:
        """The fields that the page shows: all, but those ``on_demand`` only once wrong or filled."""
        return [field for field in self if self.is_asked(field.name)]

    def is_asked(self, name: str) -> bool:
        """Whether the page shows the field now."""
        return name not in self.on_demand or bool(self[name].errors or self[name].value())

    @property
    def subject(self) -> Any:
        """What a starting action is about, as its address names it; None if it names nothing."""
        return None

    def given(self) -> dict[str, Any]:
        """The keyword arguments of the action."""
        return dict(self.cleaned_data)

    @classmethod
    def as_kept(cls, typed: dict[str, list[str]]) -> dict[str, list[str]]:
        """The typed values that a draft may hold: all but declarations."""
        return {name: values for name, values in typed.items() if not declares(cls.base_fields.get(name))}

    def undeclared(self) -> None:
        """Untick every declaration, whatever initial values were given."""
        for name, field in self.fields.items():
            if declares(field):
                self.initial.pop(name, None)

    def taken_up(self, typed: dict[str, list[str]]) -> None:
        """Take up a draft: boxes that it leaves out stay empty, whatever their initial value.

        A browser sends nothing of an empty box.
        """
        for name, field in self.fields.items():
            if name not in typed and isinstance(field.widget, forms.CheckboxInput):
                self.initial[name] = False
            elif name not in typed and getattr(field.widget, "allow_multiple_selected", False):
                self.initial[name] = []

    def filled(self, typed: dict[str, list[str]]) -> list[str]:
        """Names of the fields of a blank form that a person has filled.

        Initial values do not count, nor an identity number alone, which only looks a person up.
        """
        return [
            name
            for name, values in typed.items()
            if name not in ("id_number", "about", *UNKEPT)
            and any(values)
            and values != [self._initial_text(name)]
        ]

    def _initial_text(self, name: str) -> str:
        """The initial value of a field as a browser would send it."""
        field = self.fields.get(name)
        first = self.initial.get(name, field.initial if field else None)
        first = getattr(first, "pk", first)
        return "on" if first is True else "" if first is None else str(first)

    def called(self, typed: dict[str, list[str]]) -> str:
        """The words by which a person recognizes a draft.

        The masked name, else the first words typed, else what was chosen, else how much was filled.
        """
        if "id_number" in self.base_fields:
            if any(typed.get("name", ())):
                return mask_name(typed["name"][0])
            return _("还没有写姓名的一户（已填 %(n)s 项）") % {"n": len(self.filled(typed))}
        own = [name for name, field in self.base_fields.items() if _wordy(field)]
        known = {*self.base_fields, *(name + SOUGHT for name in self.base_fields)}
        added = [name for name in typed if name not in known]
        words = (typed[name][0] for name in (*own, *added) if any(typed.get(name, ())))
        filled = [name for name in self.filled(typed) if name in self.fields]
        chosen = (_label_of(self.fields[name], typed[name][0]) for name in filled)
        word = next((word for word in (*words, *chosen) if len(word) > 1), "")
        return Truncator(word).chars(12) or _("一张表单（已填 %(n)s 项）") % {"n": len(filled)}


class DeclarationField(forms.BooleanField):
    """A tick by which somebody agrees, declares or confirms; no draft and no address ever sets it."""

    declares = True


def declares(field: forms.Field | None) -> bool:
    """Whether somebody agrees, declares or confirms by this field."""
    must = isinstance(field, forms.BooleanField) and field.required
    return must or getattr(field, "declares", False)


def _label_of(field: forms.Field, value: str) -> str:
    """The label of what a kept value chooses; empty for anything else."""
    if isinstance(field, forms.ModelChoiceField):
        rows = field.queryset
        found = rows.filter(pk=value).first() if rows is not None and whole_number(value) else None
        return str(field.label_from_instance(found)) if found else ""
    choices = getattr(field, "choices", ())
    return next((str(words) for key, words in choices if value and str(key) == value), "")


def draw_without(form: ActionForm, refused: Mapping[str, Refused]) -> None:
    """Leave out of the drawn choices of the reason what the records contradict, and say why beside it.

    Whoever sends one of them nevertheless is refused by the action, with the same words.
    """
    row, field = form.row, form.fields["reason"]
    if refused and isinstance(field, forms.ChoiceField) and isinstance(row, Transition):
        field.widget.choices = [choice for choice in _choices(row) if choice[0] not in refused]
        field.help_text = said_together(*dict.fromkeys(str(refusal.message) for refusal in refused.values()))


def _wordy(field: forms.Field) -> bool:
    """Whether people write words into the field."""
    return type(field) in (forms.CharField, TitleField) and not field.widget.is_hidden


def _choices(row: Transition) -> list[tuple[str, Words]]:
    """The choices of the row's reason; none for free text."""
    listed = row.reason.choices if isinstance(row.reason, type) else []
    return [("", _("请选择")), *listed]


def _reason_field(row: Transition) -> forms.Field:
    """The field of the row's reason: a choice where the table lists reasons, else free text."""
    if isinstance(row.reason, type):
        return forms.ChoiceField(label=_("原因"), choices=_choices(row))
    return forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("会写入办理记录，相关方可以看到。"),
    )


def form_for(lifecycle: Lifecycle, *names: str) -> Callable[[type[ActionForm]], type[ActionForm]]:
    """Decorate the form of one or several rows of a lifecycle table."""

    def bind(form: type[ActionForm]) -> type[ActionForm]:
        for name in names:
            lifecycle.action_forms[name] = form
        return form

    return bind


def form_of(lifecycle: Lifecycle, name: str) -> type[ActionForm]:
    """The form of a row; ``ActionForm`` itself, without fields, where none is declared."""
    return cast(type[ActionForm], lifecycle.action_forms.get(name, ActionForm))
