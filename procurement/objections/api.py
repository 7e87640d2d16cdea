"""The API of objections."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import PROVIDERS_AND_MONEY
from procurement.objections.serializers import ObjectionSerializer

urlpatterns = [
    *resource(
        "objections",
        ObjectionSerializer,
        filters=("status", "project"),
        joins=("provider",),
        declared=access(GET=PROVIDERS_AND_MONEY),
    )
]
