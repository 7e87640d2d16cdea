"""Notices of holidays in the API."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from foundation.holidays.models import HolidayNotice, MovedDeadline
from foundation.holidays.previewing import Effect


class HolidayNoticeSerializer(LifecycleSerializer):
    """A notice with its source, its days, and how far the deadlines have followed it."""

    ALONE: ClassVar = {"days": []}

    class Meta:
        model = HolidayNotice
        fields = (
            "year",
            "whole_year",
            "number",
            "title",
            "issued_on",
            "link",
            "days",
            "confirmed_at",
            "looked_at",
            "moved",
            "followed_at",
        )


class MovedDeadlineSerializer(serializers.ModelSerializer):
    """A deadline that moved because of a notice."""

    class Meta:
        model = MovedDeadline
        fields = ("id", "notice", "lifecycle", "object_id", "object_name", "before", "after", "at", "told")


class ExampleSerializer(serializers.Serializer):
    """One deadline that would move."""

    name = serializers.CharField()
    link = serializers.CharField()
    rule = serializers.CharField()
    before = serializers.DateTimeField()
    after = serializers.DateTimeField()


class MovedByDaysSerializer(serializers.Serializer):
    """How many deadlines would move by how many days; fewer than none for those that come earlier."""

    days = serializers.IntegerField()
    count = serializers.IntegerField()


class DifferentDaysSerializer(serializers.Serializer):
    """Days that follow one another and would be different alike: working days, or free ones."""

    first = serializers.DateField()
    last = serializers.DateField()
    working = serializers.BooleanField()
    words = serializers.CharField()


class HolidayEffectSerializer(serializers.Serializer):
    """What a notice would do to the calendar, to the running clocks, and to the register about what has ended."""

    moved = serializers.IntegerField()
    later = serializers.IntegerField()
    earlier = serializers.IntegerField()
    by_days = serializers.SerializerMethodField()
    become_late = serializers.IntegerField()
    late_no_longer = serializers.IntegerField()
    corrected = serializers.IntegerField()
    entered_again = serializers.IntegerField()
    different = DifferentDaysSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    undone = serializers.SerializerMethodField()
    waiting = serializers.SerializerMethodField()
    examples = ExampleSerializer(many=True)

    def get_undone(self, effect: Effect) -> list[int]:
        """The keys of notices that were issued later, and would be undone."""
        return [notice.pk for notice in effect.undone]

    def get_waiting(self, effect: Effect) -> list[int]:
        """The keys of other notices of the year that wait."""
        return [notice.pk for notice in effect.waiting]

    @extend_schema_field(MovedByDaysSerializer(many=True))
    def get_by_days(self, effect: Effect) -> list[dict[str, int]]:
        """Those that move together, the largest number first."""
        return [{"days": days, "count": count} for days, count in effect.days]
