"""Addresses of pages of bodies, windows, committees and agencies."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.bodies import views
from organizations.bodies.states import ORGANIZATION

urlpatterns = [
    path("bodies/", views.Bodies.as_view(), name="bodies"),
    path("bodies/<int:pk>/", views.ShowBody.as_view(), name="body"),
    *urls_of(ORGANIZATION, "bodies", "body"),
]
