"""Columns of a model by name."""

from __future__ import annotations

from typing import cast

from django.db import models


def column_of(model: type[models.Model], name: str) -> models.Field:
    """The concrete field of that name; raises ``FieldDoesNotExist`` if there is none."""
    return cast(models.Field, model._meta.get_field(name))
