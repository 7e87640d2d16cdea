"""Budgets and their ledger, contracts and lines, deliveries and invoices."""

from contracts.models.budget import BudgetLine, LedgerEntry
from contracts.models.contract import Contract, ContractLine
from contracts.models.invoice import Delivery, Invoice

__all__ = ["BudgetLine", "Contract", "ContractLine", "Delivery", "Invoice", "LedgerEntry"]
