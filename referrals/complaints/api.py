"""API routes of complaints."""

from django.db.models import Prefetch

from foundation.api.base import resource
from referrals.complaints.models import Reply
from referrals.complaints.serializers import ComplaintSerializer

urlpatterns = [
    *resource(
        "complaints",
        ComplaintSerializer,
        filters=("status", "about"),
        joins=("household",),
        many=(Prefetch("replies", Reply.objects.order_by("-pk")[:1], "newest"),),
    )
]
