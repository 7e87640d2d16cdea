"""Yearly checks in the API."""

from foundation.api.base import LifecycleSerializer
from organizations.yearly_checks.models import YearlyCheck


class YearlyCheckSerializer(LifecycleSerializer):
    """The result of one year."""

    class Meta:
        model = YearlyCheck
        fields = ("provider", "year", "result")
