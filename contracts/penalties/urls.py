"""Addresses of the pages about penalties."""

from django.urls import path

from contracts.penalties import views
from contracts.penalties.states import PENALTY
from foundation.ui.routing import urls_of

urlpatterns = [
    path("penalties/<int:pk>/", views.ShowPenalty.as_view(), name="penalty"),
    *urls_of(PENALTY, "penalties", "penalty"),
]
