"""The API of the effect of an edition."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.editions import effects
from catalog.editions.models import Edition
from catalog.editions.serializers import EffectSerializer
from foundation.api.base import Endpoint
from foundation.permissions import access
from foundation.roles import SEES_MONEY
from foundation.ui.views import find_visible


class ShowEffect(Endpoint):
    """What an edition affects, and what its prices cost at last year's volume (CNY)."""

    access = access(GET=SEES_MONEY)

    @extend_schema(responses=EffectSerializer, operation_id="edition_effect")
    def get(self, request: Request, pk: int) -> Response:
        effect = effects.effect_of(find_visible(Edition, self.actor, pk=pk))
        return Response(EffectSerializer(effect).data)


urlpatterns = [path("editions/<int:pk>/effect", ShowEffect.as_view(), name="api-edition-effect")]
