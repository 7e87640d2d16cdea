"""API of invitations."""

from foundation.api.base import resource
from organizations.invitations.serializers import InvitationSerializer

urlpatterns = [
    *resource(
        "invitations",
        InvitationSerializer,
        filters=("status", "purpose", "role", "organization"),
        joins=("organization", "place"),
    )
]
