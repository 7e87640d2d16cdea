"""Pages about providers' offers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRefresh

from catalog.offers import applying, renewal
from catalog.offers.models import Offer
from catalog.offers.states import OfferStatus
from foundation.journal import timeline
from foundation.permissions import access
from foundation.refusals import Refused
from foundation.roles import Role
from foundation.ui.pagination import paginate
from foundation.ui.views import Page, find_visible

READERS = access(GET=(Role.CIVIL_AFFAIRS, Role.COORDINATOR, Role.AUDITOR))


#: The content type of each kind of paper.
MIME = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


class Offers(Page):
    """Offers that the reader sees.

    For a provider also those to renew, and those that the next edition will change.
    """

    access = READERS
    template = "catalog/offers/offers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        seen = (
            Offer.objects.visible_to(self.actor)
            .select_related("item__body", "provider__organization")
            .defer("item__search")
        )
        context = {"offers": paginate(seen, request), "may_update": self.actor.role == Role.COORDINATOR}
        if self.actor.role == Role.COORDINATOR:
            edition, ahead = renewal.ahead(seen.live())
            waiting = seen.filter(status=OfferStatus.TO_RENEW)
            context |= {"next_edition": edition, "ahead": ahead, "to_renew": waiting}
        return self.render(context)


class ShowOffer(Page):
    """One offer, and what the edition in force has changed for it."""

    access = READERS
    template = "catalog/offers/offer.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        offer = find_visible(Offer, self.actor, pk=pk)
        return self.render(
            {
                "object": offer,
                "transitions": offer.transitions_for(self.actor),
                "timeline": timeline.entries_of([offer]),
                "papers": offer.papers.defer("sealed"),
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
        return self.render({"each": offer, "may_update": True, "told": True})


class OpenPaper(Page):
    """A paper of an offer, for whoever sees the offer."""

    access = READERS

    def get(self, request: HttpRequest, pk: int, paper: int) -> HttpResponse:
        found = find_visible(Offer, self.actor, pk=pk).papers.filter(pk=paper).first()
        if found is None:
            raise Http404
        answer = HttpResponse(found.content(), content_type=MIME[found.kind])
        answer["Content-Disposition"] = f'attachment; filename="paper-{found.pk}.{found.kind}"'
        answer["Cache-Control"] = "private, no-store"
        return answer
