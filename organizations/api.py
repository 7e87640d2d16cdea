"""Addresses of the API of organizations, slice by slice."""

from django.urls import include, path

SLICES = (
    "bodies",
    "places",
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
    "document_checks",
    "providers",
    "responsibilities",
    "service_accounts",
)

urlpatterns = [path("", include(f"organizations.{name}.api")) for name in SLICES]
