"""Serializers of contract templates."""

from types import MappingProxyType

from contracts.templates.models import Template
from foundation.api.base import LifecycleSerializer


class TemplateSerializer(LifecycleSerializer):
    ALONE = MappingProxyType({"body": ""})

    class Meta:
        model = Template
        fields = ("version", "title", "body", "note")
