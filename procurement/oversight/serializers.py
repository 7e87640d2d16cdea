"""Serializers of red flags."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from procurement.oversight import telling
from procurement.oversight.models import RedFlag


class EvidenceBody(serializers.Serializer):
    words = serializers.CharField()
    address = serializers.CharField()


class RedFlagSerializer(serializers.ModelSerializer):
    """A flag with its rule, its sentence and its first facts; ``extent`` is the number of all facts."""

    title = serializers.CharField(source="rule.title")
    rule = serializers.CharField(source="rule.said")
    basis = serializers.CharField(source="rule.basis")
    words = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()

    class Meta:
        model = RedFlag
        fields: ClassVar = (
            "id",
            "code",
            "title",
            "rule",
            "basis",
            "rule_version",
            "buyer",
            "words",
            "evidence",
            "extent",
            "found_at",
        )

    def get_words(self, flag: RedFlag) -> str:
        """The sentence, in the language of the reader."""
        return telling.sentence(flag)

    @extend_schema_field(EvidenceBody(many=True))
    def get_evidence(self, flag: RedFlag) -> list[dict[str, Any]]:
        """The first facts."""
        return list(EvidenceBody(map(telling.evidence, flag.first_facts), many=True).data)
