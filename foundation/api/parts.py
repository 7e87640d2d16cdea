"""What a program is told in lists about objects of all packages: of those of its own parts alone."""

from __future__ import annotations

import operator
from functools import reduce
from typing import Any

from django.db.models import Q

from foundation.roles import Actor

#: The columns in which tables of the foundation name the kind of object that a row is about.
LABELS = ("lifecycle", "subject_label")


def within_its_parts(found: Any, actor: Actor | None) -> Any:
    """The rows of a list that are about objects of which the actor is told."""
    columns = {field.name for field in found.model._meta.concrete_fields}
    named = [name for name in LABELS if name in columns]
    if actor is None or actor.parts is None or not named:
        return found
    about = [Q(**{f"{name}__startswith": f"{part}."}) for name in named for part in sorted(actor.parts)]
    return found.filter(reduce(operator.or_, about, Q(pk__in=[])))
