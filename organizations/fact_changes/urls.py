"""Addresses of pages of changes of facts."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.fact_changes import views
from organizations.fact_changes.states import FACT_CHANGE

urlpatterns = [
    path("fact-changes/", views.FactChanges.as_view(), name="fact-changes"),
    path("fact-changes/<int:pk>/", views.ShowFactChange.as_view(), name="fact-change"),
    *urls_of(FACT_CHANGE, "fact-changes", "fact-change"),
]
