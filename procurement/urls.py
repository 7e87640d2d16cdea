"""Addresses of the pages of purchases, joined from the slices."""

from django.urls import include, path

SLICES = (
    "bids",
    "key_holders",
    "objections",
    "ocds",
    "oversight",
    "panel",
    "purchases",
    "questions",
    "supplier",
)

urlpatterns = [path("", include(f"procurement.{name}.urls")) for name in SLICES]
