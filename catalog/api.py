"""The API of the catalog, joined from the slices."""

from django.urls import include, path

SLICES = ("comments", "comparisons", "editions", "items", "offers", "sheets")

urlpatterns = [path("", include(f"catalog.{name}.api")) for name in SLICES]
