"""Addresses of the pages about budgets and the ledger."""

from django.urls import path

from contracts.budgets import views
from contracts.budgets.states import BUDGET_CHANGE
from foundation.ui.routing import urls_of

urlpatterns = [
    path("budgets/", views.Budgets.as_view(), name="budgets"),
    path("budgets/<int:pk>/", views.ShowBudget.as_view(), name="budget"),
    path("ledger/", views.Ledger.as_view(), name="ledger"),
    path("budget-changes/<int:pk>/", views.ShowBudgetChange.as_view(), name="budget-change"),
    *urls_of(BUDGET_CHANGE, "budget-changes", "budget-change"),
]
