"""API of revealing protected values."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint, read_form
from foundation.api.described import serializer_for
from foundation.api.named import model_named
from foundation.permissions import SIGNED_IN, access
from foundation.personal_data.forms import RevealReason
from foundation.personal_data.revealing import reveal
from foundation.personal_data.serializers import RevealedBody
from foundation.ui.views import find_visible


class Reveal(Endpoint):
    """A protected value, after a reason that is written into the journal."""

    access = access(POST=SIGNED_IN)

    @extend_schema(
        request=serializer_for(RevealReason, None, "Reveal"), responses=RevealedBody, operation_id="reveal"
    )
    def post(self, request: Request, label: str, pk: int, field: str) -> Response:
        obj = find_visible(model_named(label, "may_reveal"), self.actor, pk=pk)
        form = read_form(RevealReason, request)
        value = reveal(obj, field, by=self.actor, **form.given())
        return Response({"value": value})


urlpatterns = [path("reveal/<str:label>/<int:pk>/<slug:field>", Reveal.as_view(), name="api-reveal")]
