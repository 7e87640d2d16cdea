"""Addresses of the pages of experts."""

from django.urls import path

from foundation.ui.routing import urls_of
from procurement.panel import views
from procurement.panel.states import PANEL_SEAT

urlpatterns = [
    path("panel-seats/<int:pk>/", views.ShowPanelSeat.as_view(), name="panel-seat"),
    *urls_of(PANEL_SEAT, "panel-seats", "panel-seat"),
]
