"""API routes of schemes."""

from __future__ import annotations

from evaluations.schemes.serializers import SchemeSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED

urlpatterns = [
    *resource("schemes", SchemeSerializer, filters=("status",), declared=access(GET=JUDGES_AND_JUDGED))
]
