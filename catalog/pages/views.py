"""Pages about the catalog for those who keep it, comment on it and offer for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from catalog import items
from catalog.inputs import SetPrice
from catalog.lifecycle import EditionStatus
from catalog.models import Comment, Edition, Item, Offer
from foundation.access import access
from foundation.inputs import Input
from foundation.journal import timeline
from foundation.pages.base import FormPage, Page, find_visible
from foundation.pages.paging import leaf
from foundation.roles import Role

READERS = (
    Role.CIVIL_AFFAIRS,
    Role.HANDLER,
    Role.FINANCE,
    Role.AUDITOR,
    Role.COORDINATOR,
    Role.WINDOW,
)


class Editions(Page):
    """Every edition that the reader may see."""

    access = access(GET=READERS)
    template = "catalog/editions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show({"editions": Edition.objects.visible_to(self.actor)})


class ShowEdition(Page):
    """One edition: items, comments, what may be done, what was done."""

    access = access(GET=READERS)
    template = "catalog/edition.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = find_visible(Edition, self.actor, pk=pk)
        comments = Comment.objects.visible_to(self.actor).filter(edition=edition)
        return self.show(
            {
                "object": edition,
                "items": edition.items.select_related("body"),
                "comments": [
                    (each, each.moves_for(self.actor)) for each in comments.select_related("body")
                ],
                "moves": edition.moves_for(self.actor),
                "timeline": timeline.told([edition]),
                "may_comment": self.actor.role == Role.HANDLER
                and edition.status == EditionStatus.CONSULTATION,
                "may_change": self.actor.role == Role.CIVIL_AFFAIRS
                and edition.status == EditionStatus.DRAFT,
            }
        )


class ChangePrice(FormPage):
    """The guide price of a drafted item."""

    access = access(GET=(Role.CIVIL_AFFAIRS,), POST=(Role.CIVIL_AFFAIRS,))

    @cached_property
    def item(self) -> Item:
        """The item, in an edition that the reader may see."""
        edition = find_visible(Edition, self.actor, pk=self.kwargs["pk"])
        item = edition.items.filter(code=self.kwargs["code"]).first()
        if item is None:
            raise Http404
        return item

    def form_class(self) -> type[Input]:
        return SetPrice

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "obj": self.item}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("修改指导价"),
            "button": _("保存"),
            "object": self.item,
            "open_now": True,
            "back": reverse("edition", args=[self.item.edition_id]),
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        items.set_price(self.item, by=self.actor, **form.given())
        messages.success(self.request, _("已保存。"))
        return redirect("edition", self.item.edition_id)


class Offers(Page):
    """Offers of one's own organization, or all for those who decide."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.COORDINATOR, Role.AUDITOR))
    template = "catalog/offers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        offers = Offer.objects.visible_to(self.actor).select_related(
            "item", "provider__organization"
        )
        return self.show({"offers": leaf(offers, request)})


class ShowOffer(Page):
    """One offer."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.COORDINATOR, Role.AUDITOR))
    template = "catalog/offer.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        offer = find_visible(Offer, self.actor, pk=pk)
        return self.show(
            {
                "object": offer,
                "moves": offer.moves_for(self.actor),
                "timeline": timeline.told([offer]),
            }
        )
