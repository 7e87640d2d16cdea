"""JSON that people type into a field: a whole value, or an error at the field."""

from __future__ import annotations

import json
import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from foundation.forms.base import holds_what_cannot_be_kept

#: The deepest nesting of objects and lists that is accepted.
DEEPEST = 20


def depth(value: Any) -> int:
    """How deep objects and lists are nested, counted up to one beyond ``DEEPEST``."""
    level, found = [value], 0
    while level and found <= DEEPEST:
        found += 1
        level = [
            part
            for outer in level
            if isinstance(outer, dict | list)
            for part in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return found - 1


def is_no_number(value: Any) -> bool:
    """Whether an infinite number or NaN is anywhere in the value."""
    if isinstance(value, dict):
        return any(map(is_no_number, value.values()))
    if isinstance(value, list):
        return any(map(is_no_number, value))
    return isinstance(value, float) and not math.isfinite(value)


def read(text: str) -> Any:
    """The value; raises ``ValueError`` for what is no JSON, too deep or cannot be stored."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("too deep") from None
    if depth(found) > DEEPEST or is_no_number(found) or holds_what_cannot_be_kept(found):
        raise ValueError("cannot be kept")
    return found


class JSONField(forms.JSONField):
    """A field for JSON; whatever is typed gives a value or an error at the field."""

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or value in self.empty_values:
            return super().to_python(value)
        try:
            return read(value)
        except ValueError:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """The text to show: empty where there is no value."""
        return "" if value is None else super().prepare_value(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The value to show again, or the text as typed if it is no JSON."""
        if self.disabled or not isinstance(data, str):
            return super().bound_data(data, initial)
        try:
            return read(data)
        except ValueError:
            return InvalidJSONInput(data)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(super().has_changed(initial, data))
        except (ValidationError, ValueError):
            return True
