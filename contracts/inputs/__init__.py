"""What acts on budgets, contracts and invoices take: a form for the page and for the API."""

from contracts.inputs import budget, contract, invoice

__all__ = ["budget", "contract", "invoice"]
