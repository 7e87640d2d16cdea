"""Addresses of pages of corrections."""

from django.urls import path

from foundation.ui.routing import urls_of
from households.corrections import views
from households.corrections.states import CORRECTION

urlpatterns = [
    path("corrections/<int:pk>/", views.ShowCorrection.as_view(), name="correction"),
    *urls_of(CORRECTION, "corrections", "correction"),
]
