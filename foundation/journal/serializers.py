"""The API of the ground floor: rules, deadlines, notices, journal, reveal, documents."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from foundation.api.base import asking
from foundation.journal import timeline
from foundation.journal.models import Entry


class EntrySerializer(serializers.ModelSerializer):
    reason = serializers.SerializerMethodField()
    actor_name = serializers.CharField(source="actor_shown", read_only=True)
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields = (
            "id",
            "at",
            "lifecycle",
            "object_id",
            "object_name",
            "move",
            "before",
            "after",
            "actor_name",
            "role",
            "organization_name",
            "reason",
            "basis",
            "request_id",
        )

    def get_before(self, entry: Entry) -> dict[str, Any]:
        """What was there before, of what changed; texts about people apart."""
        return timeline.picture_of(entry, entry.told(entry.before))

    def get_after(self, entry: Entry) -> dict[str, Any]:
        """What is there now, of what changed; texts about people apart."""
        return timeline.picture_of(entry, entry.told(entry.after))

    def get_reason(self, entry: Entry) -> str:
        """Why it was done, as whoever asks may read it."""
        return timeline.reason_of(entry, asking(self.context["request"]))
