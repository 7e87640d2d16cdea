"""The API of contracts and money, slice by slice."""

from django.urls import include, path

SLICES = ("amendments", "budgets", "contracts", "invoices", "penalties", "templates")

urlpatterns = [path("", include(f"contracts.{name}.api")) for name in SLICES]
