"""Addresses of the API of households, slice by slice."""

from django.urls import include, path

SLICES = ("corrections", "joining", "register", "relocations")

urlpatterns = [path("", include(f"households.{name}.api")) for name in SLICES]
