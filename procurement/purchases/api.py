"""The API of purchases."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import TAKES_PART_IN_PURCHASES
from procurement.purchases.serializers import ProjectSerializer

urlpatterns = [
    *resource(
        "projects",
        ProjectSerializer,
        filters=("status", "method"),
        lookup="number",
        many=("items", "call_offs"),
        declared=access(GET=TAKES_PART_IN_PURCHASES),
    )
]
