"""Addresses of the pages about invoices and claims for overpayment."""

from django.urls import path

from contracts.invoices import views
from contracts.invoices.states import CLAW_BACK, INVOICE
from foundation.ui.routing import urls_of

urlpatterns = [
    path("invoices/", views.Invoices.as_view(), name="invoices"),
    path("invoices/<str:number>/", views.ShowInvoice.as_view(), name="invoice"),
    path("claw-backs/<int:pk>/", views.ShowClawBack.as_view(), name="claw-back"),
    *urls_of(CLAW_BACK, "claw-backs", "claw-back"),
    *urls_of(INVOICE, "invoices", "invoice", lookup="number", converter="str"),
]
