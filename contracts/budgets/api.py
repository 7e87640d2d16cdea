"""The API of budget lines, budget documents and ledger entries."""

from contracts.budgets.serializers import BudgetChangeSerializer, BudgetLineSerializer, LedgerEntrySerializer
from foundation.api.base import resource

urlpatterns = [
    *resource("budget-lines", BudgetLineSerializer, filters=("year", "source", "body")),
    *resource("budget-changes", BudgetChangeSerializer, filters=("status", "kind", "line"), joins=("line",)),
    *resource(
        "ledger-entries", LedgerEntrySerializer, filters=("line", "contract", "change", "credit", "debit")
    ),
]
