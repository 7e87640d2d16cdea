"""API routes of re-matchings."""

from foundation.api.base import resource
from referrals.rematching.serializers import RematchSerializer

urlpatterns = [*resource("rematches", RematchSerializer, filters=("status", "provider"), joins=("provider",))]
