"""Notices of holidays in the API."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from foundation.holidays.models import HolidayNotice, MovedDeadline


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


class HolidayEffectSerializer(serializers.Serializer):
    """What a notice would do to the running clocks."""

    moved = serializers.IntegerField()
    later = serializers.IntegerField()
    earlier = serializers.IntegerField()
    become_late = serializers.IntegerField()
    late_no_longer = serializers.IntegerField()
    examples = ExampleSerializer(many=True)
