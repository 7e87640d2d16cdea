"""Addresses of pages of second homes."""

from django.urls import path

from foundation.ui.routing import urls_of
from households.joining import views
from households.joining.states import JOINING

urlpatterns = [
    path("joinings/<int:pk>/", views.ShowJoining.as_view(), name="joining"),
    *urls_of(JOINING, "joinings", "joining"),
]
