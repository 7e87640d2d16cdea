"""Addresses of pages of responsibilities."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.responsibilities import views
from organizations.responsibilities.states import RESPONSIBILITY

urlpatterns = [
    path("duties/", views.Responsibilities.as_view(), name="duties"),
    path("duties/<int:pk>/", views.ShowResponsibility.as_view(), name="duty"),
    *urls_of(RESPONSIBILITY, "duties", "duty"),
]
