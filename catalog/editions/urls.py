"""Addresses of the pages about editions."""

from django.urls import path

from catalog.editions import views as editions_views
from catalog.editions.states import EDITION
from foundation.ui.routing import urls_of

urlpatterns = [
    path("editions/", editions_views.Editions.as_view(), name="editions"),
    path("editions/<int:pk>/", editions_views.ShowEdition.as_view(), name="edition"),
    path("editions/<int:pk>/effect/", editions_views.ShowEffect.as_view(), name="edition-effect"),
    *urls_of(EDITION, "editions", "edition"),
]
