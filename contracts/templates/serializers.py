"""Serializers of contract templates."""

from contracts.templates.models import Template
from foundation.api.base import LifecycleSerializer


class TemplateSerializer(LifecycleSerializer):
    class Meta:
        model = Template
        fields = ("version", "title", "body", "note")
