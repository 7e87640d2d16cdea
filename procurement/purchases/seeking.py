"""Finding a purchase by its number, or by a part of its title or of its buyer's name."""

from __future__ import annotations

from typing import Any

from foundation.forms.choosing import name_choices
from foundation.forms.seeking import SoughtField, by_number
from foundation.numbering.series import Series
from foundation.refusals import Words
from procurement.purchases.models import Project

#: Purchases of that number, or with the text in their title or their buyer's name.
called = by_number(Series.PROJECT, "title", "buyer__name")


def a_project(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one purchase; the form sets which in ``prepare``."""
    field = SoughtField(label=label, queryset=Project.objects.none(), seek=called, **kwargs)
    name_choices(field, lambda project: f"{project.number} {project.title}")
    return field
