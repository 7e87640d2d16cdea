"""API of changes of facts."""

from foundation.api.base import resource
from organizations.fact_changes.serializers import FactChangeSerializer

urlpatterns = [
    *resource(
        "fact-changes",
        FactChangeSerializer,
        filters=("provider", "status"),
        joins=("provider__organization",),
    )
]
