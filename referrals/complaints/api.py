"""API routes of complaints."""

from foundation.api.base import resource
from referrals.complaints.serializers import ComplaintSerializer

urlpatterns = [
    *resource(
        "complaints",
        ComplaintSerializer,
        filters=("status", "about"),
        joins=("household",),
        many=("replies",),
    )
]
