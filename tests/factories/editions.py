"""Editions of the catalog in each state, and offers on its items."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import factory

from catalog.editions import counting, publishing
from catalog.editions.models import Edition
from catalog.items import editing
from catalog.items.item_form import ItemForm, as_given
from catalog.items.models import Item
from catalog.offers import applying
from catalog.offers.models import Offer
from demo.starter.places_and_people import actor
from foundation import moments
from organizations.providers.models import Provider
from tests.factories.people import AccreditedProvider, member_of

_serial = itertools.count(1)


class DraftEdition(factory.django.DjangoModelFactory):
    """A draft with the items in force, some of them changed (values by code) or removed."""

    class Meta:
        model = Edition

    title = factory.Sequence(lambda n: f"测试目录{n}")
    change = factory.LazyFunction(dict)
    remove = ()

    @classmethod
    def _create(
        cls, model: Any, *args: Any, title: str, change: dict[str, Any], remove: Any, **kwargs: Any
    ) -> Any:
        officer = actor("minzheng")
        edition = publishing.draft(by=officer, title=title)
        for item in edition.items.select_related("body").filter(code__in=change):
            form = ItemForm(as_given(item, 20) | change[item.code], obj=item)
            assert form.is_valid(), form.errors
            editing.change(item, by=officer, **form.given())
        for item in edition.items.filter(code__in=remove):
            editing.remove(item, by=officer)
        return edition


class SubmittedEdition(DraftEdition):
    """An edition that waits for its second person."""

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        edition = super()._create(model, *args, **kwargs)
        edition = publishing.open_consultation(edition, by=actor("minzheng"))
        edition = publishing.submit_early(edition, by=actor("minzheng"), reason="各部门都已答复")
        counting.count_now(edition)
        return edition


class ScheduledEdition(SubmittedEdition):
    """An edition published for a day (today if none is given)."""

    in_force_from = factory.LazyFunction(moments.today)

    @classmethod
    def _create(cls, model: Any, *args: Any, in_force_from: Any, **kwargs: Any) -> Any:
        edition = super()._create(model, *args, **kwargs)
        number = next(_serial)
        return publishing.approve(
            edition,
            by=actor("minzheng2"),
            document_number=f"测民发〔2026〕{number}号",
            index_number=f"test/{number}",
            in_force_from=in_force_from,
        )


class PublishedEdition(ScheduledEdition):
    """An edition in force from today."""

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        edition = super()._create(model, *args, **kwargs)
        publishing.bring_into_force()
        return Edition.objects.get(pk=edition.pk)


class AcceptedOffer(factory.django.DjangoModelFactory):
    """An offer that civil affairs has accepted."""

    class Meta:
        model = Offer

    provider = factory.SubFactory(AccreditedProvider)
    code = "B01.01"
    places = 5
    weekly = 10
    price = Decimal("40")

    @classmethod
    def _create(cls, model: Any, *args: Any, provider: Provider, code: str, **kwargs: Any) -> Any:
        item = Item.objects.in_force().get(code=code)
        offer = applying.apply(by=member_of(provider), item=item, staff="持证 3 人", **kwargs)
        return applying.accept(offer, by=actor("minzheng"))
