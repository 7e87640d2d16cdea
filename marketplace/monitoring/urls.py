"""Addresses for the machines that watch this one."""

from django.urls import path

from marketplace.monitoring import views

urlpatterns = [
    path("health/live", views.Live.as_view(), name="health-live"),
    path("health/ready", views.Ready.as_view(), name="health-ready"),
]
