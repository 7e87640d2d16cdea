"""What tests of fields put in, and the fault that a field tells."""

from __future__ import annotations

import pytest
from django import forms

VALID_ID = "360426199101010071"


VALID_CODE = "91110000600037341L"


def fault(field: forms.Field, value: object) -> str:
    with pytest.raises(forms.ValidationError) as found:
        field.clean(value)
    return " ".join(found.value.messages)


def wide(text: str) -> str:
    """The text as an input method types it when it is left on."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)
