"""The API of supplementary agreements."""

from contracts.amendments.serializers import AmendmentSerializer
from contracts.permissions import MONEY
from foundation.api.base import resource

urlpatterns = [
    *resource(
        "amendments",
        AmendmentSerializer,
        filters=("status", "contract"),
        joins=("contract__provider__organization",),
        declared=MONEY,
    )
]
