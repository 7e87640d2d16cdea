"""Addresses of the pages about editions."""

from django.urls import path

from catalog.editions import views
from catalog.editions.states import EDITION
from foundation.ui.routing import urls_of

urlpatterns = [
    path("editions/", views.Editions.as_view(), name="editions"),
    path("editions/<int:pk>/", views.ShowEdition.as_view(), name="edition"),
    path("editions/<int:pk>/effect/", views.ShowEffect.as_view(), name="edition-effect"),
    *urls_of(EDITION, "editions", "edition"),
]
