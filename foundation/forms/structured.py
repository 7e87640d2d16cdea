"""Values written as JSON in a text: read whole, kept as they are, or refused in words."""

from __future__ import annotations

import json
import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from foundation.forms.base import holds_what_cannot_be_kept

#: Objects in objects; nothing that we read is deeper.
DEEPEST = 20


def depth(value: Any) -> int:
    """How many objects and lists lie in one another, counted to just beyond the deepest."""
    level, found = [value], 0
    while level and found <= DEEPEST:
        found += 1
        level = [
            part
            for each in level
            if isinstance(each, dict | list)
            for part in (each.values() if isinstance(each, dict) else each)
        ]
    return found - 1


def is_no_number(value: Any) -> bool:
    """Whether a number without end, or one that is none, lies anywhere in the value."""
    if isinstance(value, dict):
        return any(map(is_no_number, value.values()))
    if isinstance(value, list):
        return any(map(is_no_number, value))
    return isinstance(value, float) and not math.isfinite(value)


def read(text: str) -> Any:
    """What the text says; raises ``ValueError`` for what is no JSON or cannot be kept."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("too deep") from None
    if depth(found) > DEEPEST or is_no_number(found) or holds_what_cannot_be_kept(found):
        raise ValueError("cannot be kept")
    return found


class JSONField(forms.JSONField):
    """A field whose text is JSON; whatever it is, it is a value or a fault at the field."""

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or value in self.empty_values:
            return super().to_python(value)
        try:
            return read(value)
        except ValueError:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again: the text as typed, where it is no value."""
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
