"""Households and their members in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from foundation.api.lists import Parts
from households.consents.serializers import ConsentSerializer
from households.help_received import helping
from households.help_received.serializers import HelpSerializer
from households.register.models import Household, HouseholdMember


class MemberSerializer(serializers.ModelSerializer):
    """A member, masked; ``/api/v1/reveal/households.Person/{id}/name`` reveals the name after a reason."""

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
        """Of somebody who has left only that they lived here, and nothing of today."""
        shown = super().to_representation(member)
        if member.valid_to is not None:
            shown |= {"id_number": "", "guarded_by": ""}
        return shown


class HouseholdSerializer(LifecycleSerializer):
    """A household with members, consents and help, as the reader may see them."""

    address = serializers.CharField()
    phone = serializers.CharField()
    members = Parts(
        MemberSerializer(),
        in_turn=True,
        rows=lambda household, _reader: household.members.select_related("person"),
    )
    consents = Parts(ConsentSerializer())
    help_received = Parts(HelpSerializer(), rows=helping.lines_told)
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
        """What the action did instead; only in the answer to the action itself."""
        return household.done_otherwise
