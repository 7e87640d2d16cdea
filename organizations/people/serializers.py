"""People and memberships in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from organizations.people.models import Membership, User


class PersonSerializer(serializers.ModelSerializer):
    """A person of the staff; the telephone is masked."""

    phone = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ("id", "username", "full_name", "email", "phone", "last_login")


class MembershipSerializer(LifecycleSerializer):
    """A role of a person between two days."""

    class Meta:
        model = Membership
        fields = ("user", "role", "organization", "place", "valid_from", "valid_to", "dispensation")
