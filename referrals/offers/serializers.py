"""API serializer of referrals."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from foundation.api.lists import Parts
from foundation.personal_data.disclosing import shown
from referrals.needs.serializers import actor_of
from referrals.offers.ask import ASKED
from referrals.offers.models import Referral
from referrals.requests.models import RequestForOffers
from referrals.service.serializers import GoalSerializer, VisitSerializer


class ReferralSerializer(LifecycleSerializer):
    """A referral with masked contact data; the reveal page shows them after a reason."""

    item = serializers.CharField(source="offer.item.code")
    contact_name = serializers.CharField(read_only=True)
    call: serializers.PrimaryKeyRelatedField[RequestForOffers] = serializers.PrimaryKeyRelatedField(
        source="request_for_offers", read_only=True
    )
    goals = Parts(GoalSerializer(), in_turn=True)
    visits = Parts(VisitSerializer())

    class Meta:
        model = Referral
        fields = (
            "number",
            "need",
            "item",
            "provider",
            "town",
            "call",
            "replaces",
            "size",
            "urgent",
            *ASKED,
            "used",
            "choice",
            "plan_text",
            "goals",
            "visits",
            "outcome",
            "goal_level",
            "contact_name",
            "offered_at",
            "answered_at",
        )

    def to_representation(self, instance: Referral) -> dict[str, Any]:
        """Leave out the reasons of the choice where the reader may not read them; its parts are told in his language."""
        told = super().to_representation(instance)
        actor = actor_of(self)
        if "parts" in told.get("choice", {}):
            told["choice"] = {**told["choice"], "parts": instance.choice_parts}
        for name, key in (("choice_reason", "reason"), ("override_reason", "override")):
            if key in told.get("choice", {}):
                told["choice"] = {**told["choice"], key: shown(instance, name, actor)}
        return told
