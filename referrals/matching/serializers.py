"""API serializers of matching."""

from __future__ import annotations

from rest_framework import serializers


class PartSerializer(serializers.Serializer):
    name = serializers.CharField()
    points = serializers.FloatField()
    most = serializers.FloatField()
    words = serializers.CharField()


class CandidateSerializer(serializers.Serializer):
    offer_id = serializers.IntegerField()
    provider = serializers.CharField()
    item = serializers.CharField()
    free = serializers.IntegerField()
    week_left = serializers.IntegerField()
    units_left = serializers.IntegerField(allow_null=True)
    stock = serializers.IntegerField(allow_null=True)
    stale_days = serializers.IntegerField()
    total = serializers.FloatField()
    parts = PartSerializer(many=True)
    to_check = serializers.ListField(child=serializers.CharField())
    why_not = serializers.ListField(child=serializers.CharField())


class RankingSerializer(serializers.Serializer):
    """A page of the ranking; the totals count all of both sorts, ``next`` is the address of what follows."""

    candidates_total = serializers.IntegerField()
    excluded_total = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    candidates = CandidateSerializer(many=True)
    excluded = CandidateSerializer(many=True)
    rule_version = serializers.IntegerField()
