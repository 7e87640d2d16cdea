"""Finding a provider by a part of its name or of its credit code."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.forms import typed
from foundation.forms.choosing import name_choices
from foundation.forms.seeking import SoughtField, SoughtListField
from foundation.refusals import Words
from organizations.providers.models import Provider

#: How many characters of a credit code are sought; fewer stand in too many.
LEAST = 4

HINT = _("输入名称或信用代码的一部分")


def called(found: QuerySet[Any], text: str, *, path: str = "") -> QuerySet[Any]:
    """The objects of ``found`` whose provider, at ``path``, has the text in its names or its credit code.

    A whole code is looked up; a part is sought in the table of organizations, as a part of a name is.
    """
    code = typed.code(text)
    if re.fullmatch("[0-9A-Z]{18}", code):
        return found.filter(**{f"{path}organization__credit_code": code})
    named = Provider.objects.named(text)
    if re.fullmatch(f"[0-9A-Z]{{{LEAST},}}", code):
        named |= Provider.objects.filter(organization__credit_code__contains=code)
    return found.filter(**{f"{path}pk__in": named.values("pk")})


def a_provider(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one provider; the form sets which in ``prepare``."""
    field = SoughtField(label=label, queryset=Provider.objects.none(), seek=called, hint=HINT, **kwargs)
    name_choices(field, label_of)
    return field


def some_providers(label: Words, **kwargs: Any) -> SoughtListField:
    """A field that finds several providers; the form sets which in ``prepare``."""
    field = SoughtListField(label=label, queryset=Provider.objects.none(), seek=called, hint=HINT, **kwargs)
    name_choices(field, label_of)
    return field


def label_of(provider: Provider) -> str:
    """The name and the credit code, since two may have the same name."""
    return " · ".join(filter(None, (str(provider), provider.organization.credit_code)))
