"""Serializers of objections."""

from foundation.api.base import LifecycleSerializer
from procurement.objections.models import Objection


class ObjectionSerializer(LifecycleSerializer):
    class Meta:
        model = Objection
        fields = ("project", "provider", "against", "grounds", "answer_text")
