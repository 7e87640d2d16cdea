"""Budgets and their ledger, contracts and lines, deliveries and invoices."""

from contracts.models.amendment import Amendment
from contracts.models.budget import BudgetLine, Earmark, LedgerEntry, SetAside
from contracts.models.budget_change import BudgetChange
from contracts.models.contract import Contract, ContractLine
from contracts.models.invoice import ClawBack, Delivery, Invoice, Sample
from contracts.models.template import Template
from contracts.models.terms import Penalty, Signature

__all__ = [
    "Amendment",
    "BudgetChange",
    "BudgetLine",
    "ClawBack",
    "Contract",
    "ContractLine",
    "Delivery",
    "Earmark",
    "Invoice",
    "LedgerEntry",
    "Penalty",
    "Sample",
    "SetAside",
    "Signature",
    "Template",
]
