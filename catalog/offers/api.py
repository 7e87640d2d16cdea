"""The API of providers' offers."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.items.api import GONE
from catalog.offers import applying
from catalog.offers.models import Offer
from catalog.offers.serializers import OfferSerializer, RenewalSerializer
from foundation.api.base import Endpoint, resource
from foundation.permissions import access_to
from foundation.ui.views import find_visible


class ShowRenewal(Endpoint):
    """What the edition in force has changed for an offer; 204 for nothing."""

    access = access_to(Offer)

    @extend_schema(responses={200: RenewalSerializer, 204: GONE}, operation_id="offer_renewal_needed")
    def get(self, request: Request, pk: int) -> Response:
        found = applying.to_renew(find_visible(Offer, self.actor, pk=pk))
        return Response(RenewalSerializer(found).data) if found else Response(status=204)


urlpatterns = [
    *resource(
        "offers",
        OfferSerializer,
        filters=("item", "provider", "status"),
        joins=("item", "provider__organization"),
    ),
    path("offers/<int:pk>/renewal", ShowRenewal.as_view(), name="api-offer-renewal"),
]
