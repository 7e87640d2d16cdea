"""The API of contracts."""

from contracts.contracts.serializers import ContractSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import PROVIDERS_AND_MONEY

urlpatterns = [
    *resource(
        "contracts",
        ContractSerializer,
        filters=("status", "provider"),
        lookup="number",
        joins=("provider__organization",),
        many=("lines", "earmarks", "signatures"),
        declared=access(GET=PROVIDERS_AND_MONEY),
    )
]
