"""API serializers of exits and votes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from evaluations.exits.models import Exit, Vote
from foundation.api.base import LifecycleSerializer, asking
from foundation.api.lists import Parts
from foundation.roles import Actor


class VoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Vote
        fields = ("leaves", "why", "at")


def _votes(exit_: Exit, reader: Actor) -> QuerySet[Vote]:
    """The votes on an exit: before the decision those who sit on the panel and oversight read them."""
    found: QuerySet[Vote] = exit_.votes.all()
    return found if exit_.votes_open_to(reader) else found.none()


class ExitSerializer(LifecycleSerializer):
    votes = Parts(VoteSerializer(), in_turn=True, rows=_votes)

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
        """Leave out the statement for those who do not read it."""
        shown = super().to_representation(instance)
        actor = asking(self.context["request"])
        if not instance.statement_open_to(actor):
            shown["statement"] = ""
        return shown
