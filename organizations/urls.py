"""Pages of organizations, slice by slice."""

from django.urls import include, path

SLICES = (
    "people",
    "factors",
    "single_sign_on",
    "invitations",
    "dispensations",
    "staff_lists",
    "providers",
    "responsibilities",
    "service_accounts",
)

urlpatterns = [path("", include(f"organizations.{name}.urls")) for name in SLICES]
