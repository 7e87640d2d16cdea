"""Addresses of pages of dispensations."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.dispensations import views
from organizations.dispensations.states import DISPENSATION

urlpatterns = [
    path("dispensations/", views.Dispensations.as_view(), name="dispensations"),
    path("dispensations/<int:pk>/", views.ShowDispensation.as_view(), name="dispensation"),
    *urls_of(DISPENSATION, "dispensations", "dispensation"),
]
