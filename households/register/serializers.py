"""Households and their members in the API."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.api.base import LifecycleSerializer, asking
from foundation.personal_data.disclosing import Telling
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
        """What the action did instead; only in the answer to the action itself."""
        return household.done_otherwise

    @extend_schema_field(HelpSerializer(many=True))
    def get_help_received(self, household: Household) -> list[dict[str, Any]]:
        """The household's help, without what somebody received after leaving it."""
        lines = getattr(household, "lines", None)
        if lines is None:
            lines = helping.of_household(household).select_related("giver")
        reader = asking(self.context["request"])
        shown = [line for line in lines if line.discloses("what", reader) is not Telling.NEVER]
        return list(self._lines.to_representation(shown))

    @cached_property
    def _lines(self) -> Any:
        """What serializes the help of every household of a page: its fields are made once."""
        return HelpSerializer(many=True, context=self.context)
