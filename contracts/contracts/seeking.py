"""Finding a contract by its number, or by a part of its title or of its provider's name."""

from __future__ import annotations

from typing import Any

from contracts.contracts.models import Contract
from foundation.forms.choosing import name_choices
from foundation.forms.seeking import SoughtField, by_number
from foundation.numbering.series import Series
from foundation.refusals import Words

#: Contracts of that number, or with the text in their title or their provider's name.
called = by_number(Series.CONTRACT, "title", "provider__organization__name")


def a_contract(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one contract; the form sets which in ``prepare``."""
    field = SoughtField(label=label, queryset=Contract.objects.none(), seek=called, **kwargs)
    name_choices(field, lambda contract: f"{contract.number} {contract.title}")
    return field
