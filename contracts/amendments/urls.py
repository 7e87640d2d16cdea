"""Addresses of the pages about supplementary agreements."""

from django.urls import path

from contracts.amendments import views
from contracts.amendments.states import AMENDMENT
from foundation.ui.routing import urls_of

urlpatterns = [
    path("amendments/<int:pk>/", views.ShowAmendment.as_view(), name="amendment"),
    *urls_of(AMENDMENT, "amendments", "amendment"),
]
