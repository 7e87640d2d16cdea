"""Pages of evaluations: the routes of every slice."""

from django.urls import include, path

SLICES = (
    "appeals",
    "assessments",
    "exit_appeals",
    "exits",
    "indicators",
    "rectifications",
    "rounds",
    "schemes",
    "sheets",
    "simulations",
    "warnings",
)

urlpatterns = [path("", include(f"evaluations.{name}.urls")) for name in SLICES]
