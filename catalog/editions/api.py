"""The API of the effect of an edition."""

from __future__ import annotations

from typing import Any, cast

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.editions import counting
from catalog.editions.models import Edition, EditionEffect
from catalog.editions.serializers import EffectSerializer
from foundation.api.base import Endpoint
from foundation.permissions import access
from foundation.roles import BUYING_AND_PAYING, SEES_MONEY
from foundation.ui.views import find_visible


class ShowEffect(Endpoint):
    """What an edition affects, and what its prices cost at last year's volume (CNY).

    Counted in the background: POST asks for it, GET tells how far it is.
    """

    access = access(GET=SEES_MONEY, POST=BUYING_AND_PAYING)

    @extend_schema(responses=EffectSerializer, operation_id="edition_effect")
    def get(self, request: Request, pk: int) -> Response:
        edition = find_visible(Edition, self.actor, pk=pk)
        return Response(_as_told(edition, counting.effect_kept(edition)))

    @extend_schema(request=None, responses={202: EffectSerializer}, operation_id="count_edition_effect")
    def post(self, request: Request, pk: int) -> Response:
        edition = find_visible(Edition, self.actor, pk=pk)
        return Response(_as_told(edition, counting.request(edition)), status=202)


def _as_told(edition: Edition, kept: EditionEffect | None) -> dict[str, Any]:
    """How far it is, and the figures of a counted effect."""
    effect = counting.read(kept, edition) if kept and kept.ready else None
    told = {
        "status": kept.status if kept else "none",
        "status_label": kept.get_status_display() if kept else _("还没有计算"),
        "progress": kept.progress if kept else 0,
        "counted_at": kept.ready_at if kept and effect else None,
        "kinds": effect.kinds if effect else (),
        "costs": effect.costs if effect else (),
        "low": effect.low if effect else None,
        "high": effect.high if effect else None,
    }
    return cast(dict[str, Any], EffectSerializer(told).data)


urlpatterns = [path("editions/<int:pk>/effect", ShowEffect.as_view(), name="api-edition-effect")]
