"""The name under which an object goes on record tells nothing that is protected of it: the journal keeps it for ever."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from foundation.personal_data.disclosing import protected
from foundation.personal_data.fields import Secret
from foundation.wording import on_record

pytestmark = pytest.mark.story

MODELS = [model for model in apps.get_models() if protected(model)]

#: Objects of each kind that are read at most, and letters that a value has at least: one letter stands in any name.
MOST, SHORTEST = 200, 2


def values_of(obj: Any) -> set[str]:
    """Every protected value of an object, in plain."""
    found = (getattr(obj, name) for name in protected(type(obj)))
    plain = (value.plain() if isinstance(value, Secret) else str(value or "") for value in found)
    return {value for value in plain if len(value) >= SHORTEST}


def test_no_name_on_record_holds_a_protected_value(db):
    told, read = [], 0
    for model in MODELS:
        for obj in model._default_manager.all()[:MOST]:
            values = values_of(obj)
            read += len(values)
            name = on_record(obj)
            told += [(model._meta.label, name) for value in values if value in name]
    assert told == []
    assert read > 1_000
