"""Providers in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from foundation.api.nesting import objects_of
from organizations.bodies.serializers import OrganizationSerializer
from organizations.providers.models import Provider, read_lists


class ProviderSerializer(LifecycleSerializer):
    """A provider with its standing and last score."""

    organization = OrganizationSerializer()
    hours = serializers.JSONField(source="organization.hours", read_only=True)
    bank_account = serializers.CharField(read_only=True)
    stands_on = serializers.CharField(read_only=True, help_text=_("今天所在的名录；空表示都不在。"))
    in_good_standing = serializers.BooleanField(read_only=True, help_text=_("今天能否接新的工作。"))

    def to_representation(self, instance: Any) -> dict[str, Any]:
        if instance.list_of_today is None:
            read_lists(objects_of(self))
        return super().to_representation(instance)

    class Meta:
        model = Provider
        fields = (
            "organization",
            "nature",
            "social_grade",
            "serves",
            "legal_representative",
            "bank_name",
            "bank_account",
            "hours",
            "services",
            "renewal_asked_on",
            "accredited_until",
            "stands_on",
            "in_good_standing",
            "standing_reason",
            "exited_until",
            "last_score",
            "last_grade",
        )
