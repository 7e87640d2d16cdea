"""Finding a need by a part of the number of its matter, or of the words for its kind."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.forms.choosing import name_choices
from foundation.forms.seeking import SoughtField, by_number
from foundation.numbering.series import Series
from foundation.refusals import Words
from organizations.responsibilities import offered
from referrals.needs.models import Need

_numbered = by_number(Series.MATTER, lookup="matter__number")


def called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The needs of a matter of that number, or of a kind with the text in its words."""
    kinds = [kind for kind, name in offered.Named().items() if text.lower() in name.lower()]
    return found.filter(kind__in=kinds) if kinds else _numbered(found, text)


def a_need(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one need; the form sets which in ``prepare``."""
    hint = _("输入受理编号或需求的一部分")
    field = SoughtField(label=label, queryset=Need.objects.none(), seek=called, hint=hint, **kwargs)
    name_choices(field, str)
    return field
