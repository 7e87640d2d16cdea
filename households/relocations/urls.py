"""Addresses of pages of relocations."""

from django.urls import path

from foundation.ui.routing import urls_of
from households.relocations import views
from households.relocations.states import RELOCATION

urlpatterns = [
    path("relocations/<int:pk>/", views.ShowRelocation.as_view(), name="relocation"),
    *urls_of(RELOCATION, "relocations", "relocation"),
]
