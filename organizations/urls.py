"""Pages of organizations, slice by slice."""

from django.urls import include, path

SLICES = (
    "places",
    "bodies",
    "city_lists",
    "people",
    "factors",
    "contacts",
    "single_sign_on",
    "invitations",
    "dispensations",
    "emergencies",
    "staff_lists",
    "listings",
    "certificates",
    "yearly_checks",
    "fact_changes",
    "providers",
    "responsibilities",
    "service_accounts",
)

urlpatterns = [path("", include(f"organizations.{name}.urls")) for name in SLICES]
