"""The API of contracts and money, joined from the slices."""

from django.urls import include, path

SLICES = ("amendments", "budgets", "contracts", "invoices", "penalties", "templates")

urlpatterns = [path("", include(f"contracts.{name}.api")) for name in SLICES]
