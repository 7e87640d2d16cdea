"""The API of invoices and of claims for money overpaid."""

from contracts.invoices.serializers import ClawBackSerializer, InvoiceSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource(
        "invoices",
        InvoiceSerializer,
        filters=("status", "contract"),
        lookup="number",
        joins=("contract__provider__organization", "replaced_by"),
    ),
    *resource(
        "claw-backs",
        ClawBackSerializer,
        filters=("status", "invoice"),
        joins=("invoice__contract__provider__organization",),
    ),
]
