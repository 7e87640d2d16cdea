"""The API of supplementary agreements."""

from contracts.amendments.serializers import AmendmentSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource(
        "amendments",
        AmendmentSerializer,
        filters=("status", "contract"),
        joins=("contract__provider__organization",),
    )
]
