"""Forms whose choices depend on the actor and the object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.forms.base import TypedForm


class Choosing(TypedForm):
    """A form whose choices depend on the actor and the object."""

    def preselect_single_choice(self) -> None:
        """Preselect the only choice; a field with several begins with none selected."""
        for name, field in self.fields.items():
            self._begin_empty(name, field)
            many = isinstance(field, forms.ModelMultipleChoiceField)
            if isinstance(field, forms.ModelChoiceField) and not many:
                field.empty_label = _("请选择")
                asked = not self.is_bound and field.required and name not in self.initial
                if asked and field.queryset is not None:
                    only = list(field.queryset[:2])
                    if len(only) == 1:
                        self.initial[name] = only[0].pk

    def _begin_empty(self, name: str, field: forms.Field) -> None:
        """Draw an empty choice for a required list that has neither one nor an initial value, before those drawn so far."""
        if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
            return
        if not field.required or type(field.widget) is not forms.Select:
            return
        meant = self.initial.get(name, field.initial) not in (None, "")
        choices = cast(list[tuple[Any, Any]], list(field.widget.choices))
        if not meant and len(choices) > 1 and all(value != "" for value, _words in choices):
            field.widget.choices = [("", _("请选择")), *choices]

    def chooser(self, name: str) -> forms.ModelChoiceField:
        """The field of that name, as one that chooses among objects."""
        return cast(forms.ModelChoiceField, self.fields[name])

    def objects(self, name: str) -> models.QuerySet[Any]:
        """The objects that a field chooses among; raises ``TypeError`` if they are not set."""
        found = self.chooser(name).queryset
        if found is None:
            raise TypeError(f"“{name}” has nothing to choose among")
        return found

    def chosen(self, name: str) -> Any:
        """The object that a field names so far, if it may be chosen; None for nothing and for wrong input."""
        try:
            return self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None

    def call_choices(self, name: str, words: Callable[[Any], str]) -> None:
        """Set how a field labels the objects that it chooses among."""
        name_choices(self.chooser(name), words)

    def show_as_needed(self, name: str) -> None:
        """Mark a field as required on the page, though its action checks it and not the form."""
        cast(Any, self.fields[name]).needed = True

    def place_within(self, name: str, words: Any) -> None:
        """Say what a field is about, where others of the form are called the same: faults are told with it."""
        cast(Any, self.fields[name]).within = words

    def options(self, name: str) -> forms.ChoiceField:
        """The field of that name, as one that chooses among words."""
        return cast(forms.ChoiceField, self.fields[name])


def name_choices(field: forms.ModelChoiceField, words: Callable[[Any], str]) -> None:
    """Set how a field labels the objects that it chooses among."""
    cast(Any, field).label_from_instance = words
