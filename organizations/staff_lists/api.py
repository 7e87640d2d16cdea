"""API of lists of staff."""

from foundation.api.base import resource
from organizations.staff_lists.serializers import StaffListSerializer

urlpatterns = [*resource("staff-lists", StaffListSerializer, filters=("status",), joins=("organization",))]
