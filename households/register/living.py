"""Households keep a place in use: it is not closed while they live there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Words
from foundation.wording import filled
from households.register.models import Household
from households.register.states import HouseholdStatus
from organizations.places import events
from organizations.places.models import Place


@events.hanging.register
def households_there(places: Sequence[Place]) -> Mapping[int, Sequence[Words]]:
    """How many households live in each of the places, by primary key."""
    known = Household.objects.filter(status__in=HouseholdStatus.unfinished()).order_by()
    keys = [place.pk for place in places]
    found: dict[int, list[Words]] = {}
    for path in ("place", "town"):
        for pk, count in known.filter(**{f"{path}__in": keys}).values_list(path).annotate(Count("pk")):
            found[pk] = [filled(_("有 %(count)s 户家庭住在这里。"), count=count)]
    return found
