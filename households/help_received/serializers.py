"""Help received in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from foundation.api.base import DisclosedSerializer, asking
from foundation.personal_data.disclosing import shown
from households.help_received.models import HelpReceived


class HelpSerializer(DisclosedSerializer):
    """A line of help, as the reader may see it; ``amount`` is CNY."""

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
        """The giver is disclosed like what was given, since it shows what was lacking."""
        data = super().to_representation(instance)
        reader = asking(self.context["request"])
        return {**data, "giver": shown(instance, "from_whom", reader)}
