"""Addresses of pages of providers."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.providers import views
from organizations.providers.states import PROVIDER

urlpatterns = [
    path("providers/", views.Providers.as_view(), name="providers"),
    path("providers/own/", views.OwnProvider.as_view(), name="own-provider"),
    path("providers/<int:pk>/", views.ShowProvider.as_view(), name="provider"),
    *urls_of(PROVIDER, "providers", "provider"),
]
