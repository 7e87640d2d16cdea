"""The API of objections."""

from foundation.api.base import resource
from procurement.objections.serializers import ObjectionSerializer

urlpatterns = [
    *resource("objections", ObjectionSerializer, filters=("status", "project"), joins=("provider",))
]
