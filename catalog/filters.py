"""How the catalog is narrowed down: by words, group, kind, people, place, body and price."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from catalog.kinds import Funding, ServiceKind, TargetGroup
from catalog.models import Edition, Item
from catalog.models.item import ItemQuerySet
from foundation.inputs import MoneyField
from organizations.models import Organization, Place
from organizations.models.organization import OrganizationKind
from organizations.models.place import PlaceKind

_EVERY = _("全部")


class MoneyFilter(django_filters.Filter):
    """An amount as people write it."""

    field_class = MoneyField


class ItemFilter(django_filters.FilterSet):
    """The filter of one edition's items; ``edition`` names the groups to choose from."""

    q = django_filters.CharFilter(method="by_words", label=_("想找什么"), max_length=100)
    group = django_filters.CharFilter(method="by_group", label=_("类别"), max_length=3)
    kind = django_filters.ChoiceFilter(
        choices=ServiceKind.choices, label=_("性质"), empty_label=_EVERY
    )
    people = django_filters.ChoiceFilter(
        choices=TargetGroup.choices,
        method="by_people",
        label=_("给谁"),
        empty_label=_EVERY,
    )
    place = django_filters.ChoiceFilter(
        choices=(), method="by_place", label=_("在哪个镇街"), empty_label=_EVERY
    )
    body = django_filters.ChoiceFilter(
        choices=(), method="by_body", label=_("责任部门"), empty_label=_EVERY
    )
    funding = django_filters.ChoiceFilter(
        choices=Funding.choices, label=_("谁出钱"), empty_label=_EVERY
    )
    price_from = MoneyFilter(
        field_name="price_high", lookup_expr="gte", label=_("指导价不低于(元)")
    )
    price_to = MoneyFilter(field_name="price_low", lookup_expr="lte", label=_("指导价不高于(元)"))

    class Meta:
        model = Item
        fields: list[str] = []

    def __init__(self, *args: Any, edition: Edition | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        towns = Place.objects.filter(kind__in=[PlaceKind.TOWN, PlaceKind.STREET])
        self.filters["place"].extra["choices"] = towns.values_list("code", "name")
        bodies = Organization.objects.filter(kind=OrganizationKind.BODY)
        self.filters["body"].extra["choices"] = bodies.values_list("code", "name")

    def by_words(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """Full text, characters and words alike."""
        return items.answering(value)

    def by_group(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """A group (B) or a class (B01)."""
        return items.filter(code__startswith=value.upper())

    def by_people(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """One target group."""
        return items.filter(target_groups__contains=[value])

    def by_place(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """Offered in a town or street."""
        return items.offered_in(value)

    def by_body(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """Answered for by a body, by its code."""
        return items.filter(body__code=value)
