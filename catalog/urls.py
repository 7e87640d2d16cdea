"""Addresses of the pages of the catalog, joined from the slices."""

from django.urls import include, path

SLICES = ("public", "editions", "items", "sheets", "offers", "comments")

urlpatterns = [path("", include(f"catalog.{name}.urls")) for name in SLICES]
