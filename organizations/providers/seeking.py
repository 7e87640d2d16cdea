"""Finding a provider by its credit code or a part of its name."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import QuerySet

from foundation.forms import typed
from foundation.forms.choosing import name_choices
from foundation.forms.seeking import SoughtField, SoughtListField
from foundation.refusals import Words
from organizations.providers.models import Provider


def called(found: QuerySet[Any], text: str, *, path: str = "") -> QuerySet[Any]:
    """The objects of ``found`` whose provider, at ``path``, has that credit code or a name with the text."""
    code = typed.code(text)
    if re.fullmatch("[0-9A-Z]{18}", code):
        return found.filter(**{f"{path}organization__credit_code": code})
    named = Provider.objects.named(text).values("pk")
    return found.filter(**{f"{path}pk__in": named})


def a_provider(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one provider; the form sets which in ``prepare``."""
    field = SoughtField(label=label, queryset=Provider.objects.none(), seek=called, **kwargs)
    name_choices(field, label_of)
    return field


def some_providers(label: Words, **kwargs: Any) -> SoughtListField:
    """A field that finds several providers; the form sets which in ``prepare``."""
    field = SoughtListField(label=label, queryset=Provider.objects.none(), seek=called, **kwargs)
    name_choices(field, label_of)
    return field


def label_of(provider: Provider) -> str:
    """The name and the credit code, since two may have the same name."""
    return " · ".join(filter(None, (str(provider), provider.organization.credit_code)))
