"""The API of supplementary agreements."""

from contracts.amendments.serializers import AmendmentSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import PROVIDERS_AND_MONEY

urlpatterns = [
    *resource(
        "amendments",
        AmendmentSerializer,
        filters=("status", "contract"),
        joins=("contract__provider__organization",),
        declared=access(GET=PROVIDERS_AND_MONEY),
    )
]
