"""Documents of contracts: the text to sign, and the PDF with the signatures."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from contracts.contracts import terms
from contracts.contracts.models import Contract
from contracts.signatures.models import Signature
from contracts.templates import text
from foundation.documents.making import DocumentKind, declare
from foundation.money import in_capitals
from foundation.roles import Actor
from foundation.wording import day
from organizations.bodies.models import Organization


def _text(contract: Contract) -> dict[str, Any]:
    """The data of the text that both sides sign; nothing in it changes by signing."""
    body = contract.template.body if contract.template else text.shipped()
    with translation.override("zh-hans"):
        return {
            "heading": contract.template.title if contract.template else "社会救助服务合同",
            "version": contract.template.version if contract.template else 0,
            "number": contract.number,
            "title": contract.title,
            "paragraphs": text.filled(body, _values(contract)),
            "lines": [
                {
                    "code": line.item.code,
                    "name": line.item.name,
                    "unit": line.item.unit,
                    "standards": [standard["text"] for standard in line.standards],
                    "price": line.unit_price,
                    "quota": line.quota,
                    "places": line.places or "",
                    "days": f"{day(line.start_on or contract.start_on)} 至 "
                    f"{day(line.end_on or contract.end_on)}"
                    if line.start_on or line.end_on
                    else "",
                    "amount": line.amount,
                }
                for line in contract.lines.select_related("item")
            ],
            "amount": contract.amount,
            "capitals": in_capitals(contract.amount),
            "payment": terms.payment_in_words(contract),
            "penalties": contract.penalties,
            "standards_note": contract.standards_note,
        }


def _values(contract: Contract) -> dict[str, str]:
    """The values of the template's variables, by their Chinese names."""
    return {
        "合同编号": contract.number,
        "合同名称": contract.title,
        **_party("甲方", contract.buyer),
        **_party("乙方", contract.provider.organization),
        "目录名称": contract.edition.title,
        "目录文号": contract.edition.document_number,
        "采购方式": contract.get_method_display(),
        "资金来源": contract.budget_line.source,
        "开始日期": day(contract.start_on),
        "结束日期": day(contract.end_on),
        "合同金额": f"{contract.amount:,.2f}",
        "合同金额大写": in_capitals(contract.amount),
    }


def _party(side: str, organization: Organization) -> dict[str, str]:
    """Name, credit code, address and telephone of one side."""
    return {
        f"{side}名称": organization.name,
        f"{side}信用代码": organization.credit_code or "",
        f"{side}地址": organization.address,
        f"{side}电话": organization.phone,
    }


def _signed(contract: Contract) -> dict[str, Any]:
    """The data of the text with the signatures of the contract itself."""
    own = contract.signatures.filter(amendment=None)
    return {**_text(contract), "signatures": signatures_under(own)}


def signatures_under(found: QuerySet[Signature]) -> list[dict[str, Any]]:
    """Signatures as the document shows them."""
    with translation.override("zh-hans"):
        return [
            {
                "side": str(signature.get_side_display()),
                "organization": signature.organization,
                "signer": signature.signer,
                "sha256": signature.sha256,
                "at": signature.at,
            }
            for signature in found
        ]


def may_read_contract(contract: Contract, actor: Actor) -> bool:
    """Whether the actor sees the contract."""
    return Contract.objects.visible_to(actor).filter(pk=contract.pk).exists()


CONTRACT_TEXT = declare(
    DocumentKind(
        key="contract-text",
        subject="contracts.Contract",
        template="documents/contract.html",
        title=lambda contract: f"合同文本 {contract.number}",
        context=_text,
        may_read=may_read_contract,
    )
)


CONTRACT_PDF = declare(
    DocumentKind(
        key="contract",
        subject="contracts.Contract",
        template="documents/contract.html",
        title=lambda contract: f"服务合同 {contract.number}",
        context=_signed,
        may_read=may_read_contract,
        certified=True,
    )
)
