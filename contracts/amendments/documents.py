"""Documents of supplementary agreements: the text to sign, and the PDF with the signatures."""

from __future__ import annotations

from typing import Any

from contracts.amendments.models import Amendment
from contracts.contracts.documents import may_read_contract, signatures_under
from foundation.documents.making import DocumentKind, declare
from foundation.roles import Actor


def _amendment(amendment: Amendment) -> dict[str, Any]:
    """The data of the text: each line before and after, and the amounts (CNY)."""
    contract = amendment.contract
    return {
        "number": contract.number,
        "title": contract.title,
        "serial": contract.amendments.filter(pk__lte=amendment.pk).count(),
        "buyer": contract.buyer.name,
        "provider": contract.provider.organization.name,
        "why": amendment.why,
        "lines": amendment.lines,
        "end_before": amendment.end_before,
        "end_after": amendment.end_after,
        "change": amendment.change,
        "signed_amount": contract.signed_amount,
    }


def _may_read_amendment(amendment: Amendment, actor: Actor) -> bool:
    """Whoever may read the contract."""
    return may_read_contract(amendment.contract, actor)


AMENDMENT_TEXT = declare(
    DocumentKind(
        key="amendment-text",
        subject="contracts.Amendment",
        template="documents/amendment.html",
        title=lambda amendment: f"补充协议文本 {amendment.contract.number}",
        context=_amendment,
        may_read=_may_read_amendment,
    )
)


AMENDMENT_PDF = declare(
    DocumentKind(
        key="amendment",
        subject="contracts.Amendment",
        template="documents/amendment.html",
        title=lambda amendment: f"补充协议 {amendment.contract.number}",
        context=lambda amendment: {
            **_amendment(amendment),
            "signatures": signatures_under(amendment.signatures.all()),
        },
        may_read=_may_read_amendment,
        certified=True,
    )
)
