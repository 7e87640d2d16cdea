"""Pages of foundation, slice by slice."""

from django.urls import include, path

SLICES = (
    "city",
    "clauses",
    "deadlines",
    "documents",
    "drafts",
    "holidays",
    "inbox",
    "messaging",
    "personal_data",
    "rules",
)

urlpatterns = [path("", include(f"foundation.{name}.urls")) for name in SLICES]
