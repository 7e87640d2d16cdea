"""API serializers of meetings of the joint conference."""

from __future__ import annotations

from foundation.api.base import DisclosedSerializer, LifecycleSerializer
from foundation.api.lists import Parts
from referrals.conference.models import AgendaItem, Meeting


class AgendaItemSerializer(DisclosedSerializer):
    class Meta:
        model = AgendaItem
        fields = ("id", "position", "need", "discussion", "decision", "body")


class MeetingSerializer(LifecycleSerializer):
    items = Parts(
        AgendaItemSerializer(),
        in_turn=True,
        rows=lambda meeting, _reader: meeting.items.select_related("need__matter"),
    )

    class Meta:
        model = Meeting
        fields = ("number", "level", "held_on", "venue", "bodies", "items")
