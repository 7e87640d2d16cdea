"""The API of the ground floor, slice by slice."""

from django.urls import include, path

SLICES = ("deadlines", "documents", "inbox", "journal", "messaging", "personal_data", "rules")

urlpatterns = [path("", include(f"foundation.{name}.api")) for name in SLICES]
