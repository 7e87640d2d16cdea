"""Finding a place of the city by a part of its name, or of its town's."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.forms.choosing import name_choices
from foundation.forms.seeking import SoughtField
from foundation.refusals import Words
from organizations.places.models import Place, PlaceKind


def called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The places with the text in their name or in their town's; "示例镇 大坝村" names both."""
    town, _space, place = text.partition(" ")
    both = Q(parent__name__icontains=town, name__icontains=place) if place else Q()
    return found.filter(Q(name__icontains=text) | Q(parent__name__icontains=text) | both)


def a_place_in_the_city(**kwargs: Any) -> SoughtField:
    """A field that finds any village or community of the city."""
    villages = Place.objects.villages().select_related("parent")
    field = SoughtField(
        label=_("村（社区）"),
        queryset=villages,
        seek=called,
        hint=_("输入村（社区）或镇街名称的一部分"),
        **kwargs,
    )
    name_choices(field, full_name_of)
    return field


def a_place(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds a town, a street, a village or a community; the form sets which in ``prepare``."""
    hint = _("输入村（社区）或镇街名称的一部分")
    field = SoughtField(label=label, queryset=Place.objects.none(), seek=called, hint=hint, **kwargs)
    name_choices(field, full_name_of)
    return field


def full_name_of(place: Place) -> str:
    """The name of a place, behind that of its town if it is in one."""
    return f"{place.parent} {place}" if place.kind == PlaceKind.VILLAGE else str(place)
