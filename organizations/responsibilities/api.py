"""API of responsibilities."""

from foundation.api.base import resource
from organizations.responsibilities.serializers import DutySerializer

urlpatterns = [*resource("duties", DutySerializer, filters=("organization", "need_kind", "status"))]
