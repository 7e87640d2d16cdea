from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.access import access
from foundation.api.base import LivedSerializer, ToldSerializer, asking, by_number, resource
from foundation.personal_data.disclosing import Telling, shown
from households import helping
from households.models import (
    Consent,
    Correction,
    HelpReceived,
    Household,
    HouseholdMember,
    Joining,
    Relocation,
)
from households.pages.views import READERS, WORKERS


class MemberSerializer(serializers.ModelSerializer):
    """A person, masked; ``/api/v1/reveal/households.Person/{id}/name`` asks why."""

    person_id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(source="person.name")
    id_number = serializers.CharField(source="person.id_number")
    guarded_by = serializers.CharField(source="person.guarded_by")

    class Meta:
        model = HouseholdMember
        fields = (
            "id",
            "person_id",
            "name",
            "id_number",
            "relation",
            "counts",
            "guarded_by",
            "valid_from",
            "valid_to",
            "left_for",
        )

    def to_representation(self, member: HouseholdMember) -> dict[str, Any]:
        """Of somebody who has left, that they lived here, and nothing of today."""
        shown = super().to_representation(member)
        if member.valid_to is not None:
            shown |= {"id_number": "", "guarded_by": ""}
        return shown


class HelpSerializer(ToldSerializer):
    giver = serializers.CharField(source="from_whom")

    class Meta:
        model = HelpReceived
        fields = (
            "source",
            "giver",
            "what",
            "item_code",
            "need_kind",
            "person",
            "units",
            "amount",
            "given_on",
        )

    def to_representation(self, instance: HelpReceived) -> dict[str, Any]:
        """Who gave it tells what was lacking, as what was given does."""
        told = super().to_representation(instance)
        reader = asking(self.context["request"])
        return {**told, "giver": shown(instance, "from_whom", reader)}


class ConsentSerializer(serializers.ModelSerializer):
    holds = serializers.BooleanField(read_only=True)

    class Meta:
        model = Consent
        fields = (
            "id",
            "purpose_code",
            "purpose",
            "receiver",
            "person",
            "given_by",
            "scope",
            "form",
            "given_at",
            "valid_to",
            "withdrawn_at",
            "holds",
        )


class HouseholdSerializer(LivedSerializer):
    address = serializers.CharField()
    phone = serializers.CharField()
    members = MemberSerializer(many=True)
    consents = ConsentSerializer(many=True)
    help_received = serializers.SerializerMethodField()
    otherwise = serializers.SerializerMethodField(
        help_text="What was done, where that is not what was asked: a member who counts in another "
        "town joins only once its window has confirmed. Empty where all was done as asked."
    )

    class Meta:
        model = Household
        fields = (
            "number",
            "place",
            "town",
            "category",
            "size",
            "monthly_income",
            "address",
            "phone",
            "phone_doubted",
            "language",
            "registration",
            "verified",
            "members",
            "consents",
            "help_received",
            "otherwise",
        )

    def get_otherwise(self, household: Household) -> str:
        """Only in the answer to the act itself."""
        return household.done_otherwise

    @extend_schema_field(HelpSerializer(many=True))
    def get_help_received(self, household: Household) -> list[dict[str, Any]]:
        """The household's ledger, without what somebody got after leaving it."""
        lines = getattr(household, "lines", None)
        if lines is None:
            lines = helping.of_household(household).select_related("giver")
        reader = asking(self.context["request"])
        told = [each for each in lines if each.discloses("what", reader) is not Telling.NEVER]
        return list(HelpSerializer(told, many=True, context=self.context).data)


class RelocationSerializer(LivedSerializer):
    household = by_number()

    class Meta:
        model = Relocation
        fields = ("household", "from_town", "to_town", "to_place")


class JoiningSerializer(LivedSerializer):
    """A second home asked for; where the person counts is not said."""

    household = by_number()
    person = serializers.CharField()

    class Meta:
        model = Joining
        fields = ("household", "person", "relation", "why")


class CorrectionSerializer(LivedSerializer):
    household = by_number()
    wrong = serializers.CharField(read_only=True)
    right = serializers.CharField(read_only=True)

    class Meta:
        model = Correction
        fields = ("household", "person", "wrong", "right", "why")


urlpatterns = [
    *resource(
        "households",
        HouseholdSerializer,
        filters=("category", "town", "place", "status"),
        lookup="number",
        declared=access(GET=READERS),
        many=(
            "members__person",
            "consents",
            Prefetch("help_received", helping.told_lines().select_related("giver"), "lines"),
        ),
    ),
    *resource(
        "relocations",
        RelocationSerializer,
        filters=("status",),
        joins=("household",),
        declared=access(GET=WORKERS),
    ),
    *resource(
        "joinings",
        JoiningSerializer,
        filters=("status",),
        joins=("household", "person"),
        declared=access(GET=WORKERS),
    ),
    *resource(
        "corrections",
        CorrectionSerializer,
        filters=("status",),
        joins=("household",),
        declared=access(GET=WORKERS),
    ),
]
