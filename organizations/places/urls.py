"""Addresses of pages of places."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.places import views
from organizations.places.states import PLACE

urlpatterns = [
    path("places/", views.Places.as_view(), name="places"),
    path("places/<int:pk>/", views.ShowPlace.as_view(), name="place"),
    *urls_of(PLACE, "places", "place"),
]
