"""Addresses for the machines that watch this one."""

from django.conf import settings
from django.urls import path

from marketplace.monitoring import views

urlpatterns = [
    path("health/live", views.Live.as_view(), name="health-live"),
    path("health/ready", views.Ready.as_view(), name="health-ready"),
]
if settings.METRICS:  # else nothing is counted, and its library not even loaded
    from marketplace.monitoring import exposing

    urlpatterns.append(path("metrics", exposing.Metrics.as_view(), name="metrics"))
