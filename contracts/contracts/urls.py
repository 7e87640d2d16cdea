"""Addresses of the pages about contracts."""

from django.urls import path

from contracts.contracts import views
from contracts.contracts.states import CONTRACT
from foundation.ui.routing import urls_of

urlpatterns = [
    path("contracts/", views.Contracts.as_view(), name="contracts"),
    path("contracts/<str:number>/", views.ShowContract.as_view(), name="contract"),
    *urls_of(CONTRACT, "contracts", "contract", lookup="number", converter="str"),
]
