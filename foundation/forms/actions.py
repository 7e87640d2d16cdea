"""What an act takes from a person: one form for the page and for the API.

Fields accept what people type (2026.3.5, 3月5日, an ID number with spaces) and
answer what is wrong in words that say how to mend it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from foundation.drafts.keeping import UNKEPT
from foundation.forms.choosing import Choosing
from foundation.forms.uploads import SIGNATURES as SIGNATURES
from foundation.forms.uploads import UploadField as UploadField
from foundation.forms.uploads import UploadsField as UploadsField
from foundation.forms.uploads import kind_of as kind_of
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.personal_data.masking import mask_name
from foundation.roles import Actor


class ActionForm(Choosing):
    """The base of every act's form. It knows who acts and on what."""

    #: A page of its own, where the usual one does not do.
    template = ""
    #: What is shown of the object above the form, so that nobody acts blind.
    facts = ""
    #: Whether what is typed is kept until it is sent. A form that is nothing but a consent
    #: keeps nothing.
    keeps_draft = True
    #: Kept in the browser while there is no connection: "each" where every sending is one
    #: more record, "whole" where it replaces what was sent before.
    offline = ""
    #: Fields that are asked only where something is wrong without them.
    on_demand: tuple[str, ...] = ()
    #: Whether the fields hold what the object has (``prepare`` fills them): then what a
    #: program leaves out of its body stays as it is.
    changes = False

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
            if isinstance(row.reason, type):  # the facts follow the ground that they prove
                self.order_fields(["reason"])
        self.prepare()
        self.spare_choices()

    def prepare(self) -> None:
        """Fill choices and first values from ``obj`` and ``actor``."""

    @property
    def by(self) -> Actor:
        """Who acts; raises ``TypeError`` for a blank form, which is nobody's."""
        if self.actor is None:
            raise TypeError("nobody acts by this form")
        return self.actor

    def clean(self) -> dict[str, Any]:
        super().clean()
        return self.cleaned_data

    @property
    def asked_now(self) -> list[forms.BoundField]:
        """The fields that a page shows: those on demand once they are wrong or filled."""
        return [each for each in self if self.is_asked(each.name)]

    def is_asked(self, name: str) -> bool:
        """Whether a page shows the field now."""
        return name not in self.on_demand or bool(self[name].errors or self[name].value())

    @property
    def subject(self) -> Any:
        """What an act that begins something is about; None where its address names nothing."""
        return None

    def given(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)

    @classmethod
    def as_kept(cls, typed: dict[str, list[str]]) -> dict[str, list[str]]:
        """What of the typed values is kept until the form is sent."""
        return {name: values for name, values in typed.items() if not declares(cls.base_fields.get(name))}

    def undeclared(self) -> None:
        """Whatever was put into the fields at first, nobody has declared anything yet."""
        for name, field in self.fields.items():
            if declares(field):
                self.initial.pop(name, None)

    def taken_up(self, typed: dict[str, list[str]]) -> None:
        """A box that was left empty stays empty, whatever it holds at first: a browser sends
        nothing of it.
        """
        for name, field in self.fields.items():
            if name not in typed and isinstance(field.widget, forms.CheckboxInput):
                self.initial[name] = False
            elif name not in typed and getattr(field.widget, "allow_multiple_selected", False):
                self.initial[name] = []

    def filled(self, typed: dict[str, list[str]]) -> list[str]:
        """The fields of a blank form that a person has filled; an identity number alone is a
        question, and what stands in them at first is nobody's word.
        """
        return [
            name
            for name, values in typed.items()
            if name not in ("id_number", "about", *UNKEPT)
            and any(values)
            and values != [self._at_first(name)]
        ]

    def _at_first(self, name: str) -> str:
        field = self.fields.get(name)
        first = self.initial.get(name, field.initial if field else None)
        first = getattr(first, "pk", first)
        return "on" if first is True else "" if first is None else str(first)

    def called(self, typed: dict[str, list[str]]) -> str:
        """By what a person recognizes an unsent form: whose it is, masked; else how it begins."""
        if "id_number" in self.base_fields:
            if any(typed.get("name", ())):
                return mask_name(typed["name"][0])
            return _("还没有写姓名的一户（已填 %(n)s 项）") % {"n": len(self.filled(typed))}
        own = [name for name, field in self.base_fields.items() if _wordy(field)]
        added = [name for name in typed if name not in self.base_fields]
        words = (typed[name][0] for name in (*own, *added) if any(typed.get(name, ())))
        return Truncator(next((word for word in words if len(word) > 1), "")).chars(12)


class DeclarationField(forms.BooleanField):
    """A tick by which somebody agrees, declares or confirms. It is made anew every time: no
    draft and no address ever sets it.
    """

    declares = True


def declares(field: forms.Field | None) -> bool:
    """Whether somebody agrees, declares or confirms by this field."""
    must = isinstance(field, forms.BooleanField) and field.required
    return must or getattr(field, "declares", False)


def _wordy(field: forms.Field) -> bool:
    return type(field) is forms.CharField and not field.widget.is_hidden


def _reason_field(row: Transition) -> forms.Field:
    if isinstance(row.reason, type):
        return forms.ChoiceField(label=_("原因"), choices=[("", _("请选择")), *row.reason.choices])
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
    """The form of a row; an empty one where the act takes nothing more."""
    return cast(type[ActionForm], lifecycle.action_forms.get(name, ActionForm))
