"""Lists of staff in the API."""

from types import MappingProxyType

from foundation.api.base import LifecycleSerializer
from organizations.staff_lists.models import StaffList


class StaffListSerializer(LifecycleSerializer):
    """A list of staff; the people on it are told as invitations, once they are invited."""

    ALONE = MappingProxyType({"refused": {}})

    class Meta:
        model = StaffList
        fields = ("file_name", "organization", "count", "done", "refused")
