"""Filters of the catalog's items: text, group, kind, target group, place, body and price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import django_filters
from django.core.cache import cache
from django.utils.html import escape, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.items.kinds import Funding, ServiceKind, TargetGroup
from catalog.items.models import Item, ItemQuerySet
from foundation.forms import typed
from foundation.forms.base import AskingForm
from foundation.forms.fields import MoneyField
from organizations.bodies.models import Organization
from organizations.places.models import Place


class _Listed(django_filters.ChoiceFilter):
    """A choice out of a closed list, given as a function: a list would be copied at every request."""


class MoneyFilter(django_filters.Filter):
    """An amount (CNY) as people type it."""

    field_class = MoneyField


def places_and_bodies() -> dict[str, list[tuple[str, str]]]:
    """Towns and bodies to choose from (code and name); cached for a minute."""
    found = cache.get_or_set("catalog.places_and_bodies", _places_and_bodies, 60)
    return cast(dict[str, list[tuple[str, str]]], found)


def _places_and_bodies() -> dict[str, list[tuple[str, str]]]:
    """Towns and bodies to choose from, out of the database."""
    towns = Place.objects.towns()
    bodies = Organization.objects.bodies()
    return {
        "place": list(towns.values_list("code", "name")),
        "body": list(bodies.values_list("code", "name")),
    }


def _options(name: str, listed: _Listed) -> str:
    """The HTML options of a list in the reader's language, none selected; cached for a minute."""
    found = cache.get_or_set(
        f"catalog.options.{name}.{get_language()}",
        lambda: str(format_html_join("", '<option value="{}">{}</option>', listed.extra["choices"]())),
        60,
    )
    return cast(str, found)


def names_asked() -> tuple[str, ...]:
    """The names of all filters of items."""
    return tuple(ItemFilter.declared_filters)


class ItemFilter(django_filters.FilterSet):
    """The filters of one edition's items."""

    q = django_filters.CharFilter(method="by_words", label=_("想找什么"), max_length=100)
    group = django_filters.CharFilter(method="by_group", label=_("类别"), max_length=3)
    kind = _Listed(choices=lambda: ServiceKind.choices, label=_("性质"))
    people = _Listed(choices=lambda: TargetGroup.choices, method="by_people", label=_("给谁"))
    place = _Listed(choices=lambda: places_and_bodies()["place"], method="by_place", label=_("在哪个镇街"))
    body = _Listed(choices=lambda: places_and_bodies()["body"], method="by_body", label=_("责任部门"))
    funding = _Listed(choices=lambda: Funding.choices, label=_("谁出钱"))
    price_from = MoneyFilter(field_name="price_high", lookup_expr="gte", label=_("指导价不低于（元）"))
    price_to = MoneyFilter(field_name="price_low", lookup_expr="lte", label=_("指导价不高于（元）"))

    class Meta:
        model = Item
        form = AskingForm
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        # Only the filters in use: copying all of them costs more than the query.
        every = type(self).declared_filters
        self.base_filters = {name: declared for name, declared in every.items() if data.get(name)}
        super().__init__(data, *args, **kwargs)

    def choices(self) -> list[dict[str, Any]]:
        """The closed lists as a page shows them: name, label, and the options as HTML."""
        found = []
        for name, listed in type(self).declared_filters.items():
            if isinstance(listed, _Listed):
                asked = escape(self.data.get(name, ""))
                options = _options(name, listed)
                if asked:
                    chosen = f'<option value="{asked}" selected>'
                    options = options.replace(f'<option value="{asked}">', chosen, 1)
                found.append({"name": name, "label": listed.label, "options": mark_safe(options)})
        return found

    def by_words(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """By full text, or the beginning of a code."""
        return items.answering(value)

    def by_group(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """By group (B) or class (B01)."""
        return items.filter(code__startswith=typed.code(value))

    def by_people(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """By target group."""
        return items.filter(target_groups__contains=[value])

    def by_place(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """By the town or street in which it is given."""
        return items.offered_in(value)

    def by_body(self, items: ItemQuerySet, name: str, value: str) -> ItemQuerySet:
        """By the code of the responsible body."""
        return items.filter(body__code=value)
