"""Serializers of red flags."""

from rest_framework import serializers


class EvidenceBody(serializers.Serializer):
    words = serializers.CharField()
    address = serializers.CharField()


class FlagBody(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField(source="rule.title")
    rule = serializers.CharField(source="rule.said")
    basis = serializers.CharField(source="rule.basis")
    rule_version = serializers.IntegerField(source="rule.version")
    words = serializers.CharField()
    evidence = EvidenceBody(many=True)
