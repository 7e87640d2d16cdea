"""The tables of budgets, contracts and what is paid on them."""

from contracts.lifecycle.amendment import AMENDMENT, AmendmentStatus
from contracts.lifecycle.budget_change import BUDGET_CHANGE, BudgetChangeStatus
from contracts.lifecycle.claw_back import CLAW_BACK, ClawBackStatus
from contracts.lifecycle.contract import CONTRACT, RUNNING, SERVING, ContractStatus
from contracts.lifecycle.invoice import INVOICE, InvoiceStatus
from contracts.lifecycle.penalty import PENALTY, PenaltyStatus
from contracts.lifecycle.template import TEMPLATE, TemplateStatus

__all__ = [
    "AMENDMENT",
    "BUDGET_CHANGE",
    "CLAW_BACK",
    "CONTRACT",
    "INVOICE",
    "PENALTY",
    "RUNNING",
    "SERVING",
    "TEMPLATE",
    "AmendmentStatus",
    "BudgetChangeStatus",
    "ClawBackStatus",
    "ContractStatus",
    "InvoiceStatus",
    "PenaltyStatus",
    "TemplateStatus",
]
