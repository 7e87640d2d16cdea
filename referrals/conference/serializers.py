"""What the API shows of matters, needs, referrals and what hangs on them."""

from __future__ import annotations

from foundation.api.base import LivedSerializer, ToldSerializer
from referrals.conference.models import AgendaItem, Meeting


class AgendaItemSerializer(ToldSerializer):
    class Meta:
        model = AgendaItem
        fields = ("id", "position", "need", "discussion", "decision", "body")


class MeetingSerializer(LivedSerializer):
    items = AgendaItemSerializer(many=True, read_only=True)

    class Meta:
        model = Meeting
        fields = ("number", "level", "held_on", "venue", "bodies", "items")
