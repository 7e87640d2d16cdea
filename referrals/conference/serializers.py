"""API serializers of meetings of the joint conference."""

from __future__ import annotations

from foundation.api.base import DisclosedSerializer, LifecycleSerializer
from referrals.conference.models import AgendaItem, Meeting


class AgendaItemSerializer(DisclosedSerializer):
    class Meta:
        model = AgendaItem
        fields = ("id", "position", "need", "discussion", "decision", "body")


class MeetingSerializer(LifecycleSerializer):
    items = AgendaItemSerializer(many=True, read_only=True)

    class Meta:
        model = Meeting
        fields = ("number", "level", "held_on", "venue", "bodies", "items")
