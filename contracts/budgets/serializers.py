"""Serializers of budget lines, budget documents and ledger entries."""

from types import MappingProxyType

from rest_framework import serializers

from contracts.budgets.models import BudgetChange, BudgetLine, LedgerEntry
from foundation.api.base import LifecycleSerializer


class BudgetLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = BudgetLine
        fields = (
            "id",
            "year",
            "source",
            "body",
            "amount",
            "available",
            "planned",
            "reserved",
            "committed",
            "spent",
            "returned",
            "carried",
            "closed_on",
        )


class BudgetChangeSerializer(LifecycleSerializer):
    ALONE = MappingProxyType({"plan": {}})

    class Meta:
        model = BudgetChange
        fields = ("kind", "line", "to_line", "amount", "document_number", "why", "plan")


class LedgerEntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = LedgerEntry
        fields = ("id", "at", "line", "credit", "debit", "amount", "contract", "purpose", "change", "note")
