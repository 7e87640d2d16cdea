"""The contract as a document."""

from __future__ import annotations

from datetime import date
from typing import Any

from contracts.models import Contract
from foundation.documents.making import DocumentKind, declare
from foundation.journal.models import Entry
from foundation.moments import SHANGHAI
from foundation.money import in_capitals
from foundation.roles import Actor
from organizations.models import Organization


def _context(contract: Contract) -> dict[str, Any]:
    lines = contract.lines.select_related("item")
    signed = _signatures(contract)
    return {
        "number": contract.number,
        "title": contract.title,
        "method": contract.get_method_display(),
        "buyer": _party(contract.buyer, signed.get("sign_as_buyer")),
        "provider": _party(contract.provider.organization, signed.get("sign_as_provider")),
        "edition": contract.edition.title,
        "document_number": contract.edition.document_number,
        "start_on": contract.start_on,
        "end_on": contract.end_on,
        "amount": contract.amount,
        "capitals": in_capitals(contract.amount),
        "lines": [
            {
                "code": line.item.code,
                "name": line.item.name,
                "unit": line.item.unit,
                "standard": line.item.standard,
                "price": line.unit_price,
                "quota": line.quota,
                "amount": line.amount,
            }
            for line in lines
        ],
        "budget": str(contract.budget_line),
        "status": contract.get_status_display(),
    }


def _signatures(contract: Contract) -> dict[str, date]:
    """The day of each side's signature, as the journal has it."""
    entries = Entry.objects.filter(
        lifecycle=contract._meta.label,
        object_id=contract.pk,
        move__in=["sign_as_buyer", "sign_as_provider"],
    )
    return {each.move: each.at.astimezone(SHANGHAI).date() for each in entries}


def _party(organization: Organization, signed_on: date | None) -> dict[str, Any]:
    return {
        "signed_on": signed_on,
        "name": organization.name,
        "credit_code": organization.credit_code or "",
        "address": organization.address,
        "phone": organization.phone,
    }


def _may_read(contract: Contract, actor: Actor) -> bool:
    return Contract.objects.visible_to(actor).filter(pk=contract.pk).exists()


CONTRACT_PDF = declare(
    DocumentKind(
        key="contract",
        template="documents/contract.html",
        title=lambda contract: f"服务合同 {contract.number}",
        context=_context,
        may_read=_may_read,
    )
)
