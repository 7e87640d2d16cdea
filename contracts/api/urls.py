from rest_framework import serializers

from contracts.models import BudgetLine, Contract, ContractLine, Invoice
from foundation.access import access
from foundation.api.base import LivedSerializer, resource
from foundation.roles import Role

MONEY = access(GET=(Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR, Role.COORDINATOR))


class LineSerializer(serializers.ModelSerializer):
    class Meta:
        model = ContractLine
        fields = ("id", "item", "unit_price", "quota", "reserved", "used", "left")


class ContractSerializer(LivedSerializer):
    lines = LineSerializer(many=True)

    class Meta:
        model = Contract
        fields = (
            "id",
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
            "spent",
            "payment_share",
            "lines",
            "status",
            "status_label",
            "moves",
        )


class InvoiceSerializer(LivedSerializer):
    class Meta:
        model = Invoice
        fields = (
            "id",
            "number",
            "contract",
            "amount",
            "payment_share",
            "payable",
            "status",
            "status_label",
            "moves",
        )


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
            "reserved",
            "committed",
            "spent",
        )


urlpatterns = [
    *resource(
        "contracts",
        ContractSerializer,
        filters=("status", "provider"),
        lookup="number",
        joins=("provider__organization",),
        many=("lines",),
        declared=MONEY,
    ),
    *resource(
        "invoices",
        InvoiceSerializer,
        filters=("status", "contract"),
        lookup="number",
        joins=("contract__provider__organization",),
        declared=MONEY,
    ),
    *resource("budget-lines", BudgetLineSerializer, filters=("year",), declared=MONEY),
]
