"""The API of invoices and of claims for money overpaid."""

from contracts.invoices.serializers import ClawBackSerializer, InvoiceSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import PROVIDERS_AND_MONEY

urlpatterns = [
    *resource(
        "invoices",
        InvoiceSerializer,
        filters=("status", "contract"),
        lookup="number",
        joins=("contract__provider__organization",),
        many=("samples",),
        declared=access(GET=PROVIDERS_AND_MONEY),
    ),
    *resource(
        "claw-backs",
        ClawBackSerializer,
        filters=("status", "invoice"),
        joins=("invoice__contract__provider__organization",),
        declared=access(GET=PROVIDERS_AND_MONEY),
    ),
]
