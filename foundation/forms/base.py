"""The base of every form: typed text is normalized before any field checks it.

Every form reads its data here, so no field can be given anything else. Text that the database
cannot store is refused at its field, and so is a word for a checkbox that is neither yes nor no.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from foundation.forms import typed

CANNOT_BE_KEPT = _("内容里有不能保存的字符，请删掉后重新填写。")


FILL_IN, CHOOSE, TICK = _("请填写。"), _("请选择。"), _("请勾选。")


NEITHER_YES_NOR_NO = _("请勾选或不勾选；由程序填写时只能是 true 或 false。")


def _mapped(change: Any, value: Any) -> Any:
    """The value with ``change`` applied to every text in it, keys of objects excepted."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [_mapped(change, part) for part in value]
    if isinstance(value, dict):
        return {key: _mapped(change, part) for key, part in value.items()}
    return value


def holds_what_cannot_be_kept(value: Any) -> bool:
    """Whether a text that the database cannot store is anywhere in the value, keys included."""
    if isinstance(value, dict):
        return any(map(holds_what_cannot_be_kept, (*value, *value.values())))
    if isinstance(value, list | tuple):
        return any(map(holds_what_cannot_be_kept, value))
    return isinstance(value, str) and typed.cannot_be_kept(value)


def read_as(field: forms.Field, value: Any) -> Any:
    """The value normalized as its field needs it (see ``foundation.forms.typed``).

    A field that takes several things at once has a method ``as_typed`` of its own.
    """
    if isinstance(field, forms.FileField):
        return value
    if own := getattr(field, "as_typed", None):
        return _mapped(own, value)
    if isinstance(field, forms.ModelChoiceField):
        return _mapped(typed.folded, value)
    if isinstance(field, forms.ChoiceField):
        return _mapped(lambda text: text if field.valid_value(text) else typed.folded(text), value)
    if isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField):
        if isinstance(field.widget, forms.PasswordInput):
            return value
        many_lines = isinstance(field.widget, forms.Textarea)
        return _mapped(typed.prose if many_lines else typed.line, value)
    if isinstance(field, forms.IntegerField | forms.fields.BaseTemporalField):
        return _mapped(typed.folded, value)
    return _mapped(typed.prose, value)


def _say_what_is_missing(field: forms.Field) -> None:
    """Set the field's message for an empty value, unless it has one of its own."""
    if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
        choosing = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
        ticking = isinstance(field, forms.BooleanField)
        field.error_messages["required"] = TICK if ticking else CHOOSE if choosing else FILL_IN


def called_in_full(field: forms.BoundField) -> str:
    """The label of a field with what it is about, where others of its form have the same label."""
    within = getattr(field.field, "within", "")
    return f"{within} · {field.label}" if within else str(field.label)


class BoundTyped(forms.BoundField):
    """A bound field whose data is normalized. No browser cuts what is pasted: what is too long is said to be so."""

    form: TypedForm

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        (widget or self.field.widget).attrs.pop("maxlength", None)
        return super().build_widget_attrs(attrs, widget)

    @property
    def data(self) -> Any:
        if isinstance(self.field, forms.BooleanField):
            open_yet = isinstance(self.field, forms.NullBooleanField) and not self.word
            return None if open_yet else self.word in typed.YES
        if self.form.asks:
            return _mapped(typed.folded, super().data)
        return read_as(self.field, super().data)

    @property
    def word(self) -> str:
        """The text sent for a checkbox, folded and in lower case."""
        return typed.folded(str(self.form.data.get(self.html_name, ""))).lower()

    @property
    def raw(self) -> Any:
        """The data as it was sent."""
        return super().data

    @property
    def refusal(self) -> Any:
        """What is wrong with the text itself, in words; "" for nothing."""
        if holds_what_cannot_be_kept(self.raw):
            return CANNOT_BE_KEPT
        known = not isinstance(self.field, forms.BooleanField) or self.word in typed.YES | typed.NO
        return "" if known else NEITHER_YES_NOR_NO


class PlainForm(forms.BaseForm):
    """A form whose empty required fields say what to do."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            _say_what_is_missing(field)
        super().full_clean()


class TypedForm(PlainForm, forms.Form):
    """A form that normalizes what people type."""

    #: Whether it only searches: its values are folded, since they are compared.
    asks = False

    bound_field_class = BoundTyped

    def leave_unchecked(self) -> None:
        """Show what was typed as it is, with nothing said to be wrong: the form was not sent."""
        self._errors = ErrorDict(renderer=self.renderer)

    def full_clean(self) -> None:
        """The fields' own checks, then ``BoundTyped.refusal`` for each."""
        super().full_clean()
        if not self.is_bound:
            return
        for name, field in self.fields.items():
            bound = self[name]
            refusal = bound.refusal if isinstance(bound, BoundTyped) and not field.disabled else ""
            if refusal:
                self.errors.pop(name, None)
                self.add_error(name, refusal)


class AskingForm(TypedForm):
    """The form of an address's query."""

    asks = True
