from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.access import access
from foundation.api.base import Endpoint, read_form, resource
from foundation.pages.base import find_visible
from foundation.roles import Role
from households import registration
from households.inputs import RecordConsent
from households.models import Consent, HelpReceived, Household, HouseholdMember

READERS = access(
    GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW, Role.ASSISTANT, Role.HOUSEHOLD)
)


class MemberSerializer(serializers.ModelSerializer):
    """A person, masked; ``/api/v1/reveal/households.Person/{id}/name`` asks why."""

    person_id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(source="person.name")
    id_number = serializers.CharField(source="person.id_number")

    class Meta:
        model = HouseholdMember
        fields = ("person_id", "name", "id_number", "relation", "valid_from", "valid_to")


class HelpSerializer(serializers.ModelSerializer):
    giver = serializers.CharField(source="giver.name")

    class Meta:
        model = HelpReceived
        fields = ("source", "giver", "what", "item_code", "units", "amount", "given_on")


class ConsentSerializer(serializers.ModelSerializer):
    holds = serializers.BooleanField(read_only=True)

    class Meta:
        model = Consent
        fields = ("purpose", "receiver", "scope", "form", "given_at", "valid_to", "holds")


class HouseholdSerializer(serializers.ModelSerializer):
    address = serializers.CharField()
    phone = serializers.CharField()
    members = MemberSerializer(many=True)
    consents = ConsentSerializer(many=True)
    help_received = HelpSerializer(many=True)

    class Meta:
        model = Household
        fields = (
            "id", "number", "place", "town", "category", "size", "monthly_income", "address",
            "phone", "members", "consents", "help_received",
        )  # fmt: skip


class ConsentBody(serializers.Serializer):
    scope = serializers.ListField(child=serializers.CharField())
    form = serializers.CharField()


class GiveConsent(Endpoint):
    """Record the household's separate consent to hand data to a provider."""

    access = access(POST=(Role.WINDOW,))

    @extend_schema(
        request=ConsentBody, responses={201: ConsentSerializer}, operation_id="household_consent"
    )
    def post(self, request: Request, number: str) -> Response:
        household = find_visible(Household, self.actor, number=number)
        form = read_form(RecordConsent, request, actor=self.actor)
        consent = registration.give_consent(
            household,
            by=self.actor,
            purpose=_("转介社会力量提供服务"),
            receiver=_("接受转介的机构"),
            **form.given(),
        )
        return Response(ConsentSerializer(consent).data, status=201)


urlpatterns = [
    *resource(
        "households",
        HouseholdSerializer,
        filters=("category", "town", "place"),
        lookup="number",
        declared=READERS,
        many=("members__person", "consents", "help_received__giver"),
    ),
    path("households/<str:number>/consents", GiveConsent.as_view(), name="api-household-consent"),
]
