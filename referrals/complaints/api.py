"""API routes of complaints."""

from foundation.api.base import resource
from foundation.permissions import access
from referrals.complaints.serializers import ComplaintSerializer
from referrals.complaints.views import COMPLAINT_ROLES

urlpatterns = [
    *resource(
        "complaints",
        ComplaintSerializer,
        filters=("status", "about"),
        joins=("household",),
        declared=access(GET=COMPLAINT_ROLES),
    )
]
