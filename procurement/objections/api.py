"""The API of objections."""

from foundation.api.base import resource
from procurement.objections.serializers import ObjectionSerializer
from procurement.permissions import TALKING

urlpatterns = [
    *resource(
        "objections",
        ObjectionSerializer,
        filters=("status", "project"),
        joins=("provider",),
        declared=TALKING,
    )
]
