from django.urls import path

from contracts.lifecycle import CONTRACT, INVOICE
from contracts.pages import views
from foundation.pages.routing import urls_of

urlpatterns = [
    path("contracts/", views.Contracts.as_view(), name="contracts"),
    path("contracts/<str:number>/", views.ShowContract.as_view(), name="contract"),
    path("invoices/", views.Invoices.as_view(), name="invoices"),
    path("invoices/<str:number>/", views.ShowInvoice.as_view(), name="invoice"),
    path("budgets/", views.Budgets.as_view(), name="budgets"),
    *urls_of(CONTRACT, "contracts", "contract", lookup="number", converter="str"),
    *urls_of(INVOICE, "invoices", "invoice", lookup="number", converter="str"),
]
