"""API routes of meetings of the joint conference."""

from foundation.api.base import resource
from referrals.conference.serializers import MeetingSerializer

urlpatterns = [
    *resource("meetings", MeetingSerializer, filters=("status", "level"), lookup="number", many=("bodies",))
]
