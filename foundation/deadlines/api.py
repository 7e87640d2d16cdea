"""API of deadlines: clocks of an object, pause and resume, the overdue register."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint, ListEndpoint, read_form
from foundation.api.described import serializer_for
from foundation.api.named import model_named
from foundation.deadlines import clocks
from foundation.deadlines.forms import Pause
from foundation.deadlines.models import Clock, Overdue
from foundation.deadlines.serializers import ClockSerializer, OverdueSerializer
from foundation.lifecycle.table import LIFECYCLES
from foundation.permissions import OVERSIGHT, SIGNED_IN, access
from foundation.roles import IN_CHARGE, Actor
from foundation.ui.views import find_visible


class ClocksOf(Endpoint):
    """The clocks that run on one object, nearest deadline first."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses=ClockSerializer(many=True), operation_id="clocks_of")
    def get(self, request: Request, label: str, pk: int) -> Response:
        obj = find_visible(model_named(label, "lifecycle"), self.actor, pk=pk)
        return Response(
            ClockSerializer(
                Clock.objects.running_on([obj])[obj.pk], many=True, context={"reader": self.actor}
            ).data
        )


def _clock(actor: Actor, pk: int) -> Clock:
    """A running clock on an object that the actor may see; raises ``Http404`` otherwise."""
    clock = get_object_or_404(Clock, pk=pk, stopped_at=None)
    if not actor.is_told_of(clock.lifecycle):
        raise Http404
    find_visible(LIFECYCLES[clock.lifecycle].model, actor, pk=clock.object_id)
    return clock


class OverdueRegister(ListEndpoint):
    """The register of missed deadlines; append-only."""

    access = OVERSIGHT
    serializer_class = OverdueSerializer
    model = Overdue
    joins = ("correction",)
    filterset_fields = ("lifecycle", "rule_key")

    def seen(self) -> Any:
        return super().seen().with_what_followed()


class PauseClock(Endpoint):
    """Pause a clock, for a listed cause and with a reason."""

    access = access(POST=IN_CHARGE)

    @extend_schema(
        request=serializer_for(Pause, None, "Pause"), responses=ClockSerializer, operation_id="clock_pause"
    )
    def post(self, request: Request, pk: int) -> Response:
        form = read_form(Pause, request, actor=self.actor)
        clock = clocks.pause(_clock(self.actor, pk), by=self.actor, **form.given())
        data = ClockSerializer(clock, context={"reader": self.actor}).data
        return Response({**data, "pause_reason": clock.pause_reason})


class ResumeClock(Endpoint):
    """Resume a paused clock."""

    access = access(POST=IN_CHARGE)

    @extend_schema(request=None, responses=ClockSerializer, operation_id="clock_resume")
    def post(self, request: Request, pk: int) -> Response:
        clock = clocks.resume(_clock(self.actor, pk), by=self.actor)
        return Response(ClockSerializer(clock, context={"reader": self.actor}).data)


urlpatterns = [
    path("clocks/<str:label>/<int:pk>", ClocksOf.as_view(), name="api-clocks"),
    path("clocks/<int:pk>/pause", PauseClock.as_view(), name="api-clock-pause"),
    path("clocks/<int:pk>/resume", ResumeClock.as_view(), name="api-clock-resume"),
    path("overdue", OverdueRegister.as_view(), name="api-overdue"),
]
