"""API serializer of rounds."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from rest_framework import serializers

from evaluations.assessments.models import Assessment
from evaluations.permissions import LEADS_ROUNDS
from evaluations.rounds.models import Round
from evaluations.rounds.states import RoundStatus
from foundation.api.base import LifecycleSerializer, asking
from foundation.lifecycle.phases import ENDED
from foundation.parties import is_one_of


class RoundSerializer(LifecycleSerializer):
    """A round; its assessments are told of one round alone, and listed under ``assessments?round=``."""

    ALONE = MappingProxyType({"agreement": {}, "assessments": []})

    assessments = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields = (
            "title",
            "kind",
            "scheme",
            "period_from",
            "period_to",
            "sample_size",
            "chair",
            "seed",
            "rules",
            "formulas",
            "agreement",
            "digest",
            "assessments",
        )

    def get_assessments(self, obj: Round) -> list[int]:
        """The keys of the assessments that the reader may see."""
        actor = asking(self.context["request"])
        found = Assessment.objects.visible_to(actor).filter(round=obj)
        return list(found.order_by("pk").values_list("pk", flat=True))

    def to_representation(self, instance: Round) -> dict[str, Any]:
        """Leave out the agreement of the evaluators, except for oversight and the chair, until the results
        are announced.
        """
        shown = super().to_representation(instance)
        actor = asking(self.context["request"])
        leads = is_one_of(LEADS_ROUNDS, actor, instance)
        if not leads and instance.status not in RoundStatus.in_phase(ENDED):
            shown["agreement"] = {}
        return shown
