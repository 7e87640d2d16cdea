"""The base of every form: what is typed is read in its one form, whatever field takes it.

Nothing can be typed around this: a form asks its fields for their data here. What cannot be
kept is refused at its field, and a word that is neither yes nor no ticks no box.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import typed

CANNOT_BE_KEPT = _("内容里有不能保存的字符，请删掉后重新填写。")


FILL_IN, CHOOSE, TICK = _("请填写。"), _("请选择。"), _("请勾选。")


NEITHER_YES_NOR_NO = _("请勾选或不勾选；由程序填写时只能是 true 或 false。")


def _each(change: Any, value: Any) -> Any:
    """The value with every text in it changed, keys of objects apart."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [_each(change, each) for each in value]
    if isinstance(value, dict):
        return {key: _each(change, each) for key, each in value.items()}
    return value


def holds_what_cannot_be_kept(value: Any) -> bool:
    """Whether a text that no database takes is anywhere in the value, keys included."""
    if isinstance(value, dict):
        return any(map(holds_what_cannot_be_kept, (*value, *value.values())))
    if isinstance(value, list | tuple):
        return any(map(holds_what_cannot_be_kept, value))
    return isinstance(value, str) and typed.cannot_be_kept(value)


def read_as(field: forms.Field, value: Any) -> Any:
    """The value in the one form of what the field takes (see ``foundation.forms.typed``).

    A field that takes several things at once says so by its own ``as_typed``.
    """
    if isinstance(field, forms.FileField):
        return value
    if own := getattr(field, "as_typed", None):
        return _each(own, value)
    if isinstance(field, forms.ModelChoiceField):
        return _each(typed.folded, value)
    if isinstance(field, forms.ChoiceField):
        return _each(lambda text: text if field.valid_value(text) else typed.folded(text), value)
    if isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField):
        if isinstance(field.widget, forms.PasswordInput):
            return value
        many_lines = isinstance(field.widget, forms.Textarea)
        return _each(typed.prose if many_lines else typed.line, value)
    if isinstance(field, forms.IntegerField | forms.fields.BaseTemporalField):
        return _each(typed.folded, value)
    return _each(typed.prose, value)


def _say_what_is_missing(field: forms.Field) -> None:
    """An empty field says what to do, where it has no words of its own for it."""
    if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
        choosing = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
        ticking = isinstance(field, forms.BooleanField)
        field.error_messages["required"] = TICK if ticking else CHOOSE if choosing else FILL_IN


class _Typed(forms.BoundField):
    """A field of a form, with what was typed into it."""

    form: TypedForm

    @property
    def data(self) -> Any:
        if isinstance(self.field, forms.BooleanField):
            open_yet = isinstance(self.field, forms.NullBooleanField) and not self.word
            return None if open_yet else self.word in typed.YES
        if self.form.asks:
            return _each(typed.folded, super().data)
        return read_as(self.field, super().data)

    @property
    def word(self) -> str:
        """What stands for yes or no."""
        return typed.folded(str(self.form.data.get(self.html_name, ""))).lower()

    @property
    def raw(self) -> Any:
        """What was sent, as it came."""
        return super().data

    @property
    def refusal(self) -> Any:
        """What is wrong with the text itself, if anything, in words."""
        if holds_what_cannot_be_kept(self.raw):
            return CANNOT_BE_KEPT
        known = not isinstance(self.field, forms.BooleanField) or self.word in typed.YES | typed.NO
        return "" if known else NEITHER_YES_NOR_NO


class PlainForm(forms.BaseForm):
    """A form whose empty fields say what to do."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            _say_what_is_missing(field)
        super().full_clean()


class TypedForm(PlainForm, forms.Form):
    """A form that reads what people type in its one form."""

    #: Whether it only asks: what is looked for is compared, and so in its plain form.
    asks = False

    bound_field_class = _Typed

    def full_clean(self) -> None:
        """Every field's own checks, then what no field may take."""
        super().full_clean()
        if not self.is_bound:
            return
        for name, field in self.fields.items():
            bound = self[name]
            refusal = bound.refusal if isinstance(bound, _Typed) and not field.disabled else ""
            if refusal:
                self.errors.pop(name, None)
                self.add_error(name, refusal)


class AskingForm(TypedForm):
    """What the query of an address asks for."""

    asks = True
