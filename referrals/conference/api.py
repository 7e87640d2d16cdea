"""API routes of meetings of the joint conference."""

from foundation.api.base import resource
from foundation.permissions import access
from referrals.conference.serializers import MeetingSerializer
from referrals.conference.views import MEETING_ROLES

urlpatterns = [
    *resource(
        "meetings",
        MeetingSerializer,
        filters=("status", "level"),
        lookup="number",
        many=("items__need__matter", "bodies"),
        declared=access(GET=MEETING_ROLES),
    )
]
