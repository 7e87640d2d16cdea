"""The API of contract templates."""

from contracts.templates.serializers import TemplateSerializer
from foundation.api.base import resource

urlpatterns = [*resource("templates", TemplateSerializer, filters=("status",))]
