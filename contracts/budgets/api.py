"""The API of budget lines, budget documents and ledger entries."""

from contracts.budgets.serializers import BudgetChangeSerializer, BudgetLineSerializer, LedgerEntrySerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import SEES_MONEY

BUDGETS = access(GET=SEES_MONEY)


urlpatterns = [
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
