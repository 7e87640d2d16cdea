"""Addresses of the pages about objections."""

from django.urls import path

from foundation.ui.routing import urls_of
from procurement.objections import views
from procurement.objections.states import OBJECTION

urlpatterns = [
    path("objections/<int:pk>/", views.ShowObjection.as_view(), name="objection"),
    *urls_of(OBJECTION, "objections", "objection"),
]
