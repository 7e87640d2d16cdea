"""Addresses of the API of foundation, slice by slice."""

from django.urls import include, path

SLICES = (
    "city",
    "deadlines",
    "documents",
    "holidays",
    "inbox",
    "journal",
    "messaging",
    "personal_data",
    "rules",
)

urlpatterns = [path("", include(f"foundation.{name}.api")) for name in SLICES]
