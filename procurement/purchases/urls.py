"""Addresses of the pages about purchases."""

from django.urls import path

from foundation.ui.routing import urls_of
from procurement.purchases import views
from procurement.purchases.states import PROJECT

urlpatterns = [
    path("projects/", views.Projects.as_view(), name="projects"),
    path("projects/<str:number>/", views.ShowProject.as_view(), name="project"),
    *urls_of(PROJECT, "projects", "project", lookup="number", converter="str"),
]
