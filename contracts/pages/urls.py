from django.urls import path

from contracts.lifecycle import AMENDMENT, BUDGET_CHANGE, CLAW_BACK, CONTRACT, INVOICE, PENALTY, TEMPLATE
from contracts.pages import money, terms, views
from foundation.pages.routing import urls_of

urlpatterns = [
    path("contracts/", views.Contracts.as_view(), name="contracts"),
    path("contracts/<str:number>/", views.ShowContract.as_view(), name="contract"),
    path("invoices/", views.Invoices.as_view(), name="invoices"),
    path("invoices/<str:number>/", views.ShowInvoice.as_view(), name="invoice"),
    path("amendments/<int:pk>/", views.ShowAmendment.as_view(), name="amendment"),
    *urls_of(AMENDMENT, "amendments", "amendment"),
    path("penalties/<int:pk>/", terms.ShowPenalty.as_view(), name="penalty"),
    *urls_of(PENALTY, "penalties", "penalty"),
    path("templates/", terms.Templates.as_view(), name="templates"),
    path("templates/<int:pk>/", terms.ShowTemplate.as_view(), name="template"),
    *urls_of(TEMPLATE, "templates", "template"),
    path("claw-backs/<int:pk>/", views.ShowClawBack.as_view(), name="claw-back"),
    *urls_of(CLAW_BACK, "claw-backs", "claw-back"),
    path("budgets/", money.Budgets.as_view(), name="budgets"),
    path("budgets/<int:pk>/", money.ShowBudget.as_view(), name="budget"),
    path("ledger/", money.Ledger.as_view(), name="ledger"),
    path("budget-changes/<int:pk>/", money.ShowBudgetChange.as_view(), name="budget-change"),
    *urls_of(BUDGET_CHANGE, "budget-changes", "budget-change"),
    *urls_of(CONTRACT, "contracts", "contract", lookup="number", converter="str"),
    *urls_of(INVOICE, "invoices", "invoice", lookup="number", converter="str"),
]
