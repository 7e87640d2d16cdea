"""The API of contract templates."""

from contracts.templates.serializers import TemplateSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import SEES_MONEY

urlpatterns = [
    *resource("templates", TemplateSerializer, filters=("status",), declared=access(GET=SEES_MONEY))
]
