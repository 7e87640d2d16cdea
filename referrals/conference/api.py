"""API routes of meetings of the joint conference."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import OPENS_MEETINGS
from referrals.conference.serializers import MeetingSerializer

urlpatterns = [
    *resource(
        "meetings",
        MeetingSerializer,
        filters=("status", "level"),
        lookup="number",
        many=("items__need__matter", "bodies"),
        declared=access(GET=OPENS_MEETINGS),
    )
]
