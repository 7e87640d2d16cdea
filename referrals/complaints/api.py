"""API routes of complaints."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import OPENS_COMPLAINTS
from referrals.complaints.serializers import ComplaintSerializer

urlpatterns = [
    *resource(
        "complaints",
        ComplaintSerializer,
        filters=("status", "about"),
        joins=("household",),
        many=("replies",),
        declared=access(GET=OPENS_COMPLAINTS),
    )
]
