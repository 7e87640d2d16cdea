"""The API of matters, needs and referrals: the routes of every slice."""

from django.urls import include, path

SLICES = (
    "complaints",
    "conference",
    "handovers",
    "matching",
    "matters",
    "needs",
    "offers",
    "rematching",
    "requests",
    "service",
)

urlpatterns = [path("", include(f"referrals.{name}.api")) for name in SLICES]
