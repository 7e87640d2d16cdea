"""Entries of the journal in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from foundation.api.base import asking
from foundation.journal import timeline
from foundation.journal.models import Entry


class EntrySerializer(serializers.ModelSerializer):
    """An entry of the journal, as the reader may see it."""

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
        """The former values of what changed, with texts about people masked."""
        return timeline.picture_of(entry, entry.journaled(entry.before))

    def get_after(self, entry: Entry) -> dict[str, Any]:
        """The new values of what changed, with texts about people masked."""
        return timeline.picture_of(entry, entry.journaled(entry.after))

    def get_reason(self, entry: Entry) -> str:
        """The reason, as far as the reader may see it."""
        return timeline.reason_of(entry, asking(self.context["request"]))
