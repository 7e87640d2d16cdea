"""Finding an organization of any kind by a part of its name."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.forms.choosing import name_choices
from foundation.forms.seeking import SoughtField
from foundation.forms.typed import compared
from foundation.refusals import Words
from organizations.bodies.models import Organization


def called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The organizations with the text in one of their names."""
    return found.filter(plain_names__contains=compared(text))


def an_organization(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one organization; the form sets which in ``prepare``."""
    hint = _("输入名称的一部分")
    field = SoughtField(label=label, queryset=Organization.objects.none(), seek=called, hint=hint, **kwargs)
    name_choices(field, label_of)
    return field


def label_of(organization: Organization) -> str:
    """The name and the kind, since a window may be called as its town's body."""
    return f"{organization.name} · {organization.get_kind_display()}"
