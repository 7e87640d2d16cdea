"""The API of contracts."""

from contracts.contracts.serializers import ContractSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource(
        "contracts",
        ContractSerializer,
        filters=("status", "provider"),
        lookup="number",
        joins=("provider__organization",),
    )
]
