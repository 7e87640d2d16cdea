"""The addresses of the product with ``METRICS=1``."""

from __future__ import annotations

from django.urls import path

from marketplace.monitoring import exposing
from marketplace.urls import handler400, handler500, urlpatterns

__all__ = ["handler400", "handler500", "urlpatterns"]


urlpatterns = [path("metrics", exposing.Metrics.as_view(), name="metrics"), *urlpatterns]
