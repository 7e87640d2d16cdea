"""API serializers of exits and votes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from evaluations.exits.models import Exit, Vote
from foundation.api.base import LifecycleSerializer, asking


class VoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Vote
        fields = ("leaves", "why", "at")


class ExitSerializer(LifecycleSerializer):
    votes = VoteSerializer(many=True, read_only=True)

    class Meta:
        model = Exit
        fields = (
            "provider",
            "cause",
            "reasons",
            "assessment",
            "leaves_on",
            "statement",
            "decided_at",
            "barred_until",
            "correction",
            "votes",
        )

    def to_representation(self, instance: Exit) -> dict[str, Any]:
        """Leave out the votes before the decision, except for the panel and oversight."""
        shown = super().to_representation(instance)
        actor = asking(self.context["request"])
        if not instance.votes_open_to(actor):
            shown["votes"] = []
        if not instance.statement_open_to(actor):
            shown["statement"] = ""
        return shown
