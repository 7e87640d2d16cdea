"""Statements that find some keys first, and ask for everything else by these alone."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models


class InArray(models.Func):
    """Whether a value is in an array, which the statement makes first."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    arity = 2
    output_field = models.BooleanField()


def joined_last(
    part: models.QuerySet[Any, Any], rows: models.QuerySet[Any, Any]
) -> models.QuerySet[Any, Any]:
    """The rows of ``rows`` that are in ``part``: their keys are found first, the rest is joined to these alone.

    PostgreSQL orders no more than eight tables freely, and may else join everything before it looks which
    rows the reader may see.
    """
    plain = part.select_related(None).prefetch_related(None)
    return rows.filter(InArray("pk", ArraySubquery(plain.values("pk"))))
