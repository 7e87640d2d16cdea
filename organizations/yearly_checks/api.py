"""API of yearly checks."""

from foundation.api.base import resource
from organizations.yearly_checks.serializers import YearlyCheckSerializer

urlpatterns = [
    *resource(
        "yearly-checks",
        YearlyCheckSerializer,
        filters=("provider", "year", "status"),
        joins=("provider__organization",),
    )
]
