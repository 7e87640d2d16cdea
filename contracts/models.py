"""All models of contracts and money, for Django and for importers."""

from contracts.amendments.models import Amendment
from contracts.budgets.models import BudgetChange, BudgetLine, Earmark, LedgerEntry, SetAside
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices.models import ClawBack, Delivery, Invoice, Sample
from contracts.penalties.models import Penalty
from contracts.signatures.models import Signature
from contracts.templates.models import Template

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
