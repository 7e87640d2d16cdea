from contracts.templates.models import Template
from foundation.api.base import LivedSerializer


class TemplateSerializer(LivedSerializer):
    class Meta:
        model = Template
        fields = ("version", "title", "body", "note")
