"""Addresses of pages of emergency access."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.emergencies import views
from organizations.emergencies.states import EMERGENCY

urlpatterns = [
    path("emergencies/", views.Emergencies.as_view(), name="emergencies"),
    path("emergencies/<int:pk>/", views.ShowEmergency.as_view(), name="emergency"),
    *urls_of(EMERGENCY, "emergencies", "emergency"),
]
