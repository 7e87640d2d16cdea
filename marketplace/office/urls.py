"""Addresses of setting up a city."""

from django.urls import path

from marketplace.office import views

urlpatterns = [
    path("setup/", views.Setup.as_view(), name="setup"),
    path("setup/begin/<str:token>/", views.BeginCity.as_view(), name="begin-city"),
]
