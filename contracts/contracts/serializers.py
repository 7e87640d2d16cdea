"""Serializers of contracts with their lines, earmarks and signatures."""

from rest_framework import serializers

from contracts.budgets.models import Earmark
from contracts.contracts.models import Contract, ContractLine
from contracts.signatures.models import Signature
from foundation.api.base import LifecycleSerializer
from foundation.api.lists import Parts


class LineSerializer(serializers.ModelSerializer):
    class Meta:
        model = ContractLine
        fields = (
            "id",
            "item",
            "unit_price",
            "quota",
            "places",
            "start_on",
            "end_on",
            "standards",
            "reserved",
            "used",
            "left",
            "warned",
        )


class EarmarkSerializer(serializers.ModelSerializer):
    class Meta:
        model = Earmark
        fields = ("line", "reserved", "committed", "spent")


class SignatureSerializer(serializers.ModelSerializer):
    class Meta:
        model = Signature
        fields = ("side", "organization", "signer", "sha256", "at")


class ContractSerializer(LifecycleSerializer):
    signatures = Parts(SignatureSerializer(), in_turn=True)
    earmarks = Parts(EarmarkSerializer(), in_turn=True)
    lines = Parts(LineSerializer(), in_turn=True)

    class Meta:
        model = Contract
        fields = (
            "number",
            "title",
            "buyer",
            "provider",
            "edition",
            "budget_line",
            "method",
            "start_on",
            "end_on",
            "amount",
            "signed_amount",
            "renews",
            "spent",
            "payment_share",
            "template",
            "billing",
            "hold_back_percent",
            "final_shares",
            "penalties",
            "standards_note",
            "signatures",
            "earmarks",
            "lines",
        )
