"""Clocks and the overdue register in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.deadlines import clocks
from foundation.deadlines.models import Clock, Overdue
from foundation.personal_data.disclosing import remark


class ClockSerializer(serializers.ModelSerializer):
    """A running clock of an object."""

    pause_reason = serializers.SerializerMethodField()

    class Meta:
        model = Clock
        fields = (
            "id",
            "lifecycle",
            "object_id",
            "state",
            "rule_key",
            "rule_version",
            "basis",
            "started_at",
            "due_at",
            "provisional",
            "paused_at",
            "pause_cause",
            "pause_reason",
        )

    def get_pause_reason(self, clock: Clock) -> str:
        """The reason of the pause, as far as the reader may see it."""
        return remark(clocks.subject(clock), clock.pause_reason, self.context["reader"])


class OverdueSerializer(serializers.ModelSerializer):
    """A line of the overdue register; one that ``corrects`` another says why that was not overdue.

    ``entered_again_by`` is the line that came after a correction which no longer holds.
    """

    corrected_by = serializers.SerializerMethodField()
    entered_again_by = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = Overdue
        fields = (
            "id",
            "lifecycle",
            "object_id",
            "object_name",
            "awaited",
            "rule_key",
            "rule_version",
            "basis",
            "due_at",
            "at",
            "corrects",
            "corrected_by",
            "entered_again_by",
            "reason",
        )

    def get_corrected_by(self, line: Overdue) -> int | None:
        """The line that corrects this one."""
        correction = getattr(line, "correction", None)
        return correction.pk if correction is not None else None
