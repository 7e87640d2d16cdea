"""The API of notices of holidays: notices, what one would do, and which deadlines moved."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint, ListEndpoint, resource
from foundation.holidays import previewing
from foundation.holidays.models import HolidayNotice, MovedDeadline
from foundation.holidays.serializers import (
    HolidayEffectSerializer,
    HolidayNoticeSerializer,
    MovedDeadlineSerializer,
)
from foundation.permissions import access_to
from foundation.ui.views import find_visible


class ShowEffect(Endpoint):
    """What a notice would do if it were confirmed now: the days that would be different, how many running clocks would
    move and by how many days, what of the register would be corrected, and examples.
    """

    access = access_to(HolidayNotice)

    @extend_schema(responses=HolidayEffectSerializer, operation_id="holiday_notice_effect")
    def get(self, request: Request, pk: int) -> Response:
        notice = find_visible(HolidayNotice, self.actor, pk=pk)
        return Response(HolidayEffectSerializer(previewing.effect_of(notice, self.actor)).data)


class MovedDeadlines(ListEndpoint):
    """The deadlines that moved, newest first."""

    access = access_to(MovedDeadline)
    serializer_class = MovedDeadlineSerializer
    model = MovedDeadline
    filterset_fields = ("notice", "lifecycle", "told")


urlpatterns = [
    path("holidays/<int:pk>/effect", ShowEffect.as_view(), name="api-holiday-effect"),
    path("moved-deadlines", MovedDeadlines.as_view(), name="api-moved-deadlines"),
    *resource("holidays", HolidayNoticeSerializer, filters=("year", "status")),
]
