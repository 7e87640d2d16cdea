"""API routes of re-matchings."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import OVERSEERS
from referrals.rematching.serializers import RematchSerializer

urlpatterns = [
    *resource(
        "rematches",
        RematchSerializer,
        filters=("status", "provider"),
        joins=("provider",),
        declared=access(GET=OVERSEERS),
    )
]
