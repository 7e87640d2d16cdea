"""Serializers of invoices with their samples, and of claims for overpayment."""

from rest_framework import serializers

from contracts.invoices.models import ClawBack, Invoice, Sample
from foundation.api.base import LifecycleSerializer, by_number
from foundation.api.lists import Parts


class SampleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Sample
        fields = ("id", "delivery", "finding", "found", "how", "note", "checked_by", "checked_at")


class InvoiceSerializer(LifecycleSerializer):
    samples = Parts(SampleSerializer(), in_turn=True)
    replaced_by = by_number()

    class Meta:
        model = Invoice
        fields = (
            "number",
            "contract",
            "amount",
            "payment_share",
            "kind",
            "held",
            "penalty",
            "payable",
            "sample_seed",
            "samples",
            "replaced_by",
        )


class ClawBackSerializer(LifecycleSerializer):
    class Meta:
        model = ClawBack
        fields = ("invoice", "amount", "why")
