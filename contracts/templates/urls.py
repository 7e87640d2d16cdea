"""Addresses of the pages about contract templates."""

from django.urls import path

from contracts.templates import views as templates_views
from contracts.templates.states import TEMPLATE
from foundation.ui.routing import urls_of

urlpatterns = [
    path("templates/", templates_views.Templates.as_view(), name="templates"),
    path("templates/<int:pk>/", templates_views.ShowTemplate.as_view(), name="template"),
    *urls_of(TEMPLATE, "templates", "template"),
]
