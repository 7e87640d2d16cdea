from rest_framework import serializers

from contracts.models import (
    Amendment,
    BudgetChange,
    BudgetLine,
    ClawBack,
    Contract,
    ContractLine,
    Earmark,
    Invoice,
    LedgerEntry,
    Penalty,
    Sample,
    Signature,
    Template,
)
from foundation.access import access
from foundation.api.base import LivedSerializer, resource
from foundation.roles import Role

MONEY = access(GET=(Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR, Role.COORDINATOR))

BUDGETS = access(GET=(Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR))


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


class PenaltySerializer(LivedSerializer):
    class Meta:
        model = Penalty
        fields = ("contract", "title", "cases", "amount", "why", "answer", "invoice")


class TemplateSerializer(LivedSerializer):
    class Meta:
        model = Template
        fields = ("version", "title", "body", "note")


class ContractSerializer(LivedSerializer):
    signatures = SignatureSerializer(many=True)
    earmarks = EarmarkSerializer(many=True)
    lines = LineSerializer(many=True)

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


class SampleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Sample
        fields = ("id", "delivery", "finding", "found", "how", "note", "checked_by", "checked_at")


class InvoiceSerializer(LivedSerializer):
    samples = SampleSerializer(many=True)

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
        )


class ClawBackSerializer(LivedSerializer):
    class Meta:
        model = ClawBack
        fields = ("invoice", "amount", "why")


class AmendmentSerializer(LivedSerializer):
    class Meta:
        model = Amendment
        fields = ("contract", "why", "lines", "end_before", "end_after", "added", "change")


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


class BudgetChangeSerializer(LivedSerializer):
    class Meta:
        model = BudgetChange
        fields = ("kind", "line", "to_line", "amount", "document_number", "why", "plan")


class LedgerEntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = LedgerEntry
        fields = ("id", "at", "line", "credit", "debit", "amount", "contract", "purpose", "change", "note")


urlpatterns = [
    *resource(
        "contracts",
        ContractSerializer,
        filters=("status", "provider"),
        lookup="number",
        joins=("provider__organization",),
        many=("lines", "earmarks", "signatures"),
        declared=MONEY,
    ),
    *resource(
        "invoices",
        InvoiceSerializer,
        filters=("status", "contract"),
        lookup="number",
        joins=("contract__provider__organization",),
        many=("samples",),
        declared=MONEY,
    ),
    *resource(
        "amendments",
        AmendmentSerializer,
        filters=("status", "contract"),
        joins=("contract__provider__organization",),
        declared=MONEY,
    ),
    *resource(
        "claw-backs",
        ClawBackSerializer,
        filters=("status", "invoice"),
        joins=("invoice__contract__provider__organization",),
        declared=MONEY,
    ),
    *resource(
        "penalties",
        PenaltySerializer,
        filters=("status", "contract"),
        joins=("contract__provider__organization",),
        declared=MONEY,
    ),
    *resource("templates", TemplateSerializer, filters=("status",), declared=BUDGETS),
    *resource("budget-lines", BudgetLineSerializer, filters=("year", "source", "body"), declared=BUDGETS),
    *resource(
        "budget-changes",
        BudgetChangeSerializer,
        filters=("status", "kind", "line"),
        joins=("line",),
        declared=BUDGETS,
    ),
    *resource(
        "ledger-entries",
        LedgerEntrySerializer,
        filters=("line", "contract", "change", "credit", "debit"),
        declared=BUDGETS,
    ),
]
