"""Addresses of pages of yearly checks."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.yearly_checks import views
from organizations.yearly_checks.states import YEARLY_CHECK

urlpatterns = [
    path("yearly-checks/<int:pk>/", views.ShowYearlyCheck.as_view(), name="yearly-check"),
    *urls_of(YEARLY_CHECK, "yearly-checks", "yearly-check"),
]
