"""Pages of matters, needs and referrals: the routes of every slice."""

from django.urls import include, path

SLICES = (
    "answers",
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

urlpatterns = [path("", include(f"referrals.{name}.urls")) for name in SLICES]
