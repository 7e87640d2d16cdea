"""Addresses of the pages about contract templates."""

from django.urls import path

from contracts.templates import views
from contracts.templates.states import TEMPLATE
from foundation.ui.routing import urls_of

urlpatterns = [
    path("templates/", views.Templates.as_view(), name="templates"),
    path("templates/<int:pk>/", views.ShowTemplate.as_view(), name="template"),
    *urls_of(TEMPLATE, "templates", "template"),
]
