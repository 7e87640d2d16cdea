"""Pages about providers' offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from catalog.offers import applying, renewal
from catalog.offers.models import Offer
from catalog.permissions import READ_OF_OFFERS
from foundation.journal import timeline
from foundation.parties import reads
from foundation.permissions import access, access_to
from foundation.refusals import Refused
from foundation.roles import Role
from foundation.rules import reading
from foundation.templatetags.components import icon
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, drawn, state_of
from foundation.ui.views import Page, find_visible
from foundation.wording import day, money

#: The content type of each kind of paper.
MIME = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


#: The columns that the list shows.
SHOWN = (
    *("status", "price", "places", "taken", "places_at", "weekly", "provider__organization__name"),
    *("item__code", "item__name", "item__name_en", "item__unit", "item__unit_en"),
)


def _updated(offer: Offer, stale: int) -> str:
    """The day on which the free places were last told, and whether that is more than ``stale`` days ago."""
    told = day(offer.places_at)
    if offer.stale_days <= stale:
        return told
    late = '{}<div><span class="hint soon text-small">{} {}</span></div>'
    return format_html(late, told, icon("clock-3", 14), _("已过时"))


def _places(offer: Offer) -> str:
    """How many places are free, of how many."""
    return f"{offer.free}/{offer.places}"


class Offers(ListPage):
    """Offers that the reader sees.

    For a provider also those to renew, and those that the next edition will change.
    """

    access = access_to(Offer)
    template = "catalog/offers/offers.html"
    beneath = "offers"
    by = "pk"

    @property
    def columns(self) -> Sequence[Column]:
        """The provider itself changes its free places in the list, with one tap."""
        places: Callable[[Offer], str] = _places
        if self.may_open("offer-one-tap", 0, method="POST"):
            places = drawn("catalog/offers/free_places.html", "offer", self.request, may_update=True)
        stale = reading.current("capacity.stale").value["days"]
        return (
            Column(gettext_lazy("项目"), "item"),
            Column(gettext_lazy("机构"), "provider"),
            Column(gettext_lazy("单价（元）"), lambda row: money(row.price), "money"),
            Column(gettext_lazy("空位"), places),
            Column(gettext_lazy("每周服务量"), lambda row: f"{row.weekly} {row.item.local_unit}"),
            Column(gettext_lazy("更新"), lambda offer: _updated(offer, stale)),
            state_of(Offer),
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        seen = (
            Offer.objects.visible_to(self.actor)
            .select_related("item", "provider__organization")
            .defer("item__search")
        )
        if not self.may_open("offer-renew", 0):
            return self.show_list(seen.only(*SHOWN))
        edition, ahead = renewal.ahead(seen.live())
        waiting = seen.to_agree_anew()
        return self.show_list(seen.only(*SHOWN), next_edition=edition, ahead=ahead, to_renew=waiting)


class ShowOffer(Page):
    """One offer, and what the edition in force has changed for it."""

    access = access_to(Offer)
    template = "catalog/offers/offer.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        offer = find_visible(Offer, self.actor, pk=pk)
        return self.render(
            {
                "object": offer,
                "transitions": offer.transitions_for(self.actor),
                "timeline": timeline.entries_of([offer]),
                "reads_papers": reads(self.actor, offer, "papers"),
                "papers": in_order(offer.papers.defer("sealed"), request, "papers_from"),
                "renewal": applying.to_renew(offer),
            }
        )


class OneTap(Page):
    """One free place more or fewer, or the figure confirmed as it is, with one tap (htmx)."""

    access = access(POST=(Role.COORDINATOR,))
    template = "catalog/offers/free_places.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        offer = find_visible(Offer, self.actor, pk=pk)
        step = {"1": 1, "-1": -1}.get(request.POST.get("step", ""), 0)
        try:
            offer = applying.update_places(offer, by=self.actor, step=step)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
            return HttpResponseClientRefresh()
        return self.render({"offer": offer, "may_update": True, "told": True})


class OpenPaper(Page):
    """A paper of an offer, for whoever reads its papers."""

    access = access(GET={party.role for party in READ_OF_OFFERS["papers"]})

    def get(self, request: HttpRequest, pk: int, paper: int) -> HttpResponse:
        offer = find_visible(Offer, self.actor, pk=pk)
        found = offer.papers.filter(pk=paper).first()
        if found is None or not reads(self.actor, offer, "papers"):
            raise Http404
        answer = HttpResponse(found.content(), content_type=MIME[found.kind])
        answer["Content-Disposition"] = f'attachment; filename="paper-{found.pk}.{found.kind}"'
        return answer
