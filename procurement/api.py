"""The API of purchases, joined from the slices."""

from django.urls import include, path

SLICES = ("bids", "key_holders", "objections", "oversight", "panel", "purchases", "questions", "supplier")

urlpatterns = [path("", include(f"procurement.{name}.api")) for name in SLICES]
