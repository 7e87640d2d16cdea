"""Finding a round by a part of its title, or by a year of its period."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from evaluations.rounds.models import Round
from foundation.forms import typed
from foundation.forms.seeking import SoughtField
from foundation.refusals import Words


def called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The rounds with the text in their title, or about that year."""
    named = Q(title__icontains=text)
    year = typed.whole_number(text)
    return found.filter(named | Q(period_to__year=year) if year and len(text) == len("2026") else named)


def a_round(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one round; the form sets among which in ``prepare``."""
    hint = _("输入名称的一部分或年份")
    return SoughtField(label=label, queryset=Round.objects.none(), seek=called, hint=hint, **kwargs)
