"""What the API shows of matters, needs, referrals and what hangs on them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework import serializers

from foundation.api.base import LivedSerializer, ToldSerializer, by_number
from foundation.personal_data.disclosing import Telling, shown
from foundation.roles import Actor, Role
from referrals.models import (
    AgendaItem,
    Call,
    Complaint,
    Goal,
    Handover,
    Matter,
    Meeting,
    Need,
    Referral,
    Rematch,
    Visit,
)
from referrals.models.asked import ASKED
from referrals.models.matter import REPORTERS
from referrals.models.need import THOSE_WHO_STAYED


def _actor(serializer: serializers.BaseSerializer) -> Actor | None:
    request: HttpRequest | None = serializer.context.get("request")
    return getattr(getattr(request, "_request", request), "actor", None)


class NeedSerializer(LivedSerializer):
    matter = by_number()

    class Meta:
        model = Need
        fields = (
            "matter",
            "kind",
            "text",
            "urgent",
            "person",
            "worker_sex",
            "follows",
            "why_proposed",
            "body",
            "result",
            "granted",
        )

    def to_representation(self, instance: Need) -> dict[str, Any]:
        told = super().to_representation(instance)
        actor = _actor(self)
        if actor is None or instance.discloses("result", actor) is Telling.NEVER:
            told["granted"] = None  # what was given tells what was lacking
        return told


class MatterSerializer(LivedSerializer):
    """Whoever reported a household from outside sees the number and the state, no more."""

    SEEN_BY_REPORTERS = ("number", "channel", "external_number", "urgent", "created_at")

    household = by_number()
    needs = NeedSerializer(many=True)
    told = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Matter
        fields = (
            "number",
            "household",
            "town",
            "channel",
            "external_number",
            "urgent",
            "harm",
            "papers_later",
            "papers_missing",
            "story",
            "needs",
            "told",
            "first_asked_name",
            "created_at",
        )

    def to_representation(self, matter: Matter) -> dict[str, Any]:
        """Without the needs of somebody who has left the household, for those who stayed."""
        shown = super().to_representation(matter)
        actor = _actor(self)
        own = [each for each in shown.get("needs", ()) if each["person"]]
        if own and actor and actor.role in THOSE_WHO_STAYED:
            visible = set(Need.objects.visible_to(actor).filter(matter=matter).values_list("pk", flat=True))
            shown["needs"] = [each for each in shown["needs"] if each["id"] in visible]
        return shown

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        actor = _actor(self)
        if actor and actor.role in REPORTERS:
            more = ("told",) if actor.role == Role.HOTLINE else ()
            seen = (*self.BEFORE, *self.SEEN_BY_REPORTERS, *self.BEHIND, *more)
            return {name: fields[name] for name in seen}
        return fields


class GoalSerializer(ToldSerializer):
    class Meta:
        model = Goal
        fields = ("position", "text", "reached")


class VisitSerializer(ToldSerializer):
    """Notes are left out: they are read on the page, field by field."""

    class Meta:
        model = Visit
        fields = ("id", "on", "began_at", "ended_at", "venue", "units", "words", "confirmation")


class ReferralSerializer(LivedSerializer):
    """Contact data stay masked; they are read by the reveal page, with a reason."""

    item = serializers.CharField(source="offer.item.code")
    contact_name = serializers.CharField(read_only=True)
    goals = GoalSerializer(many=True, read_only=True)
    visits = VisitSerializer(many=True, read_only=True)

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
        """The reasons of the choice are told as the texts about people that they are."""
        told = super().to_representation(instance)
        actor = _actor(self)
        for name, key in (("choice_reason", "reason"), ("override_reason", "override")):
            if key in told.get("choice", {}):
                told["choice"] = {**told["choice"], key: shown(instance, name, actor)}
        return told

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        actor = _actor(self)
        if actor and actor.role in (Role.COORDINATOR, Role.SOCIAL_WORKER):
            fields.pop("choice")  # how others scored is not a provider's business
        return fields


class PartSerializer(serializers.Serializer):
    name = serializers.CharField()
    points = serializers.FloatField()
    most = serializers.FloatField()
    words = serializers.CharField()


class CandidateSerializer(serializers.Serializer):
    offer_id = serializers.IntegerField()
    provider = serializers.CharField()
    item = serializers.CharField()
    free = serializers.IntegerField()
    week_left = serializers.IntegerField()
    units_left = serializers.IntegerField(allow_null=True)
    stock = serializers.IntegerField(allow_null=True)
    stale_days = serializers.IntegerField()
    total = serializers.FloatField()
    parts = PartSerializer(many=True)
    to_check = serializers.ListField(child=serializers.CharField())
    why_not = serializers.ListField(child=serializers.CharField())


class FindingSerializer(serializers.Serializer):
    key = serializers.CharField()
    kind = serializers.CharField()
    words = serializers.CharField()
    rule = serializers.CharField()
    version = serializers.IntegerField()
    stands = serializers.BooleanField()
    reason = serializers.CharField(source="why")


class GapSerializer(serializers.Serializer):
    household = serializers.CharField(source="household.number")
    kind = serializers.CharField()
    words = serializers.CharField()
    need = serializers.IntegerField(source="need.pk", default=None)


class CallSerializer(LivedSerializer):
    referrals = by_number(many=True)

    class Meta:
        model = Call
        fields = ("need", "mode", *ASKED, "queue", "referrals")


class HandoverSerializer(LivedSerializer):
    matter = by_number()

    class Meta:
        model = Handover
        fields = ("matter", "from_town", "from_name", "to_town", "to_user", "why")


class ComplaintSerializer(LivedSerializer):
    household = by_number()

    class Meta:
        model = Complaint
        fields = ("household", "need", "about", "text", "reply", "raised", "created_at")


class AgendaItemSerializer(ToldSerializer):
    class Meta:
        model = AgendaItem
        fields = ("id", "position", "need", "discussion", "decision", "body")


class MeetingSerializer(LivedSerializer):
    items = AgendaItemSerializer(many=True, read_only=True)

    class Meta:
        model = Meeting
        fields = ("number", "level", "held_on", "venue", "bodies", "items")


class RematchSerializer(LivedSerializer):
    class Meta:
        model = Rematch
        fields = ("provider", "plan", "total", "bound", "rule_version")
