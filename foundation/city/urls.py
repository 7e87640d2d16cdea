"""Addresses of the city: its logo, and the pages of its transitions."""

from django.urls import path

from foundation.city import views
from foundation.city.states import CITY
from foundation.ui.routing import urls_of

urlpatterns = [
    path("city/<int:pk>/", views.ShowCity.as_view(), name="city"),
    path("city/document.xlsx", views.DocumentBlank.as_view(), name="city-document-blank"),
    path("city/logo-<str:digest>", views.ShowLogo.as_view(), name="city-logo"),
    *urls_of(CITY, "city", "city"),
]
