"""The sections of a release: parties, planning, tender, bids, awards, contracts.

Each function returns a section as it stood at an event; empty values are removed by ``lean``. Amounts are
numbers in CNY, moments carry the offset of Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation

from contracts.amendments.models import Amendment
from contracts.contracts.models import Contract
from contracts.invoices.models import Invoice
from foundation.journal.models import Entry
from foundation.moments import SHANGHAI
from organizations.bodies.models import Organization
from procurement.bids.models import Bid
from procurement.bids.states import BidStatus
from procurement.phases import REFUSED
from procurement.purchases import method_requirements
from procurement.purchases.models import Project
from procurement.supplier import papers

SCHEME = "CN-USCC"
CATALOG = "LIANDONG"


#: The code of an award that was withdrawn, in the standard's list.
CANCELLED = "cancelled"


def lean(value: Any) -> Any:
    """The value without empty parts, as the standard's additional checks require."""
    if isinstance(value, dict):
        found = {name: lean(part) for name, part in value.items()}
        return {name: part for name, part in found.items() if part not in (None, "", [], {})}
    if isinstance(value, list):
        return [part for part in map(lean, value) if part not in (None, "", [], {})]
    return value


def money(amount: Decimal | None) -> dict[str, Any] | None:
    """An OCDS value in CNY."""
    return None if amount is None else {"amount": float(amount), "currency": "CNY"}


def moment(at: datetime | None) -> str | None:
    """A moment in ISO 8601, in the city's time."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds") if at else None


def day(value: date) -> str:
    """The first moment of a day in the city."""
    return datetime.combine(value, time.min, SHANGHAI).isoformat()


def end_of(value: date) -> str:
    """The last second of a day in the city."""
    return datetime.combine(value, time(23, 59, 59), SHANGHAI).isoformat()


def link(path: str) -> str:
    """A full address of this installation."""
    return f"{settings.PUBLIC_ADDRESS}{path}"


def label(choice: Any) -> str:
    """The Chinese label of a choice, whatever language is active."""
    with translation.override("zh-hans"):
        return str(choice)


# --- parties ------------------------------------------------------------------------------


def party_id(organization: Organization) -> str:
    """The identifier of an organization within a process."""
    return f"{SCHEME}-{organization.credit_code}" if organization.credit_code else organization.code


def reference(organization: Organization) -> dict[str, str]:
    """An organization by identifier and name."""
    return {"id": party_id(organization), "name": organization.name}


def party(organization: Organization, *roles: str) -> dict[str, Any]:
    """An organization with its roles."""
    code = organization.credit_code
    return {
        **reference(organization),
        "identifier": {"scheme": SCHEME, "id": code, "legalName": organization.name} if code else None,
        "address": {"streetAddress": organization.address, "countryName": "中国"},
        "contactPoint": {"name": organization.name, "telephone": organization.phone},
        "roles": list(roles),
    }


# --- before the award ---------------------------------------------------------------------


def item(code: str, name: str, unit: str, price: Decimal | None, quantity: int) -> dict[str, Any]:
    """Units of one catalog item at a unit price (CNY)."""
    return {
        "id": code,
        "description": name,
        "classification": {"scheme": CATALOG, "id": code, "description": name},
        "quantity": quantity,
        "unit": {"name": unit, "value": money(price)},
    }


def planning(project: Project) -> dict[str, Any]:
    """The reason of a purchase and its budget."""
    line = project.budget_line
    return {
        "rationale": project.need,
        "budget": {
            "id": f"{line.year}-{line.pk}",
            "description": f"{line} · {line.body.name}",
            "amount": money(project.amount),
            "project": project.title,
            "projectID": project.number,
        },
    }


def tender(
    project: Project, status: str, until: datetime | None, *, bids: Iterable[Bid] = ()
) -> dict[str, Any]:
    """The notice, with the deadline ``until`` as it stood."""
    rule = method_requirements.rule_of(project).value
    there = list(bids)
    return {
        "id": project.number,
        "title": project.title,
        "description": project.need,
        "status": status,
        "procuringEntity": reference(project.buyer),
        "items": [
            item(line.item.code, line.item.name, line.item.unit, line.limit_price, line.quota)
            for line in project.items.all()
        ],
        "value": money(project.amount),
        "procurementMethod": rule["ocds"],
        "procurementMethodDetails": label(project.get_method_display()),
        "procurementMethodRationale": project.justification,
        "mainProcurementCategory": "services",
        "awardCriteria": "ratedCriteria" if project.criteria else "priceOnly",
        "awardCriteriaDetails": _criteria(project),
        "submissionMethod": ["electronicSubmission"],
        "eligibilityCriteria": label(papers.words(project.papers)),
        "tenderPeriod": {"startDate": moment(project.published_at), "endDate": moment(until)},
        "enquiryPeriod": {"startDate": moment(project.published_at), "endDate": moment(until)},
        "hasEnquiries": any(question.answer_text for question in project.questions.all()),
        "contractPeriod": {"startDate": day(project.start_on), "endDate": end_of(project.end_on)},
        "numberOfTenderers": len(there) or None,
        "tenderers": [reference(bid.provider.organization) for bid in there],
        "documents": [
            {
                "id": f"{project.number}-notice",
                "documentType": "tenderNotice",
                "title": project.title,
                "url": link(project.public_address),
                "datePublished": moment(project.published_at),
                "format": "text/html",
                "language": "zh",
            }
        ],
    }


def _criteria(project: Project) -> str:
    """The criteria and their points, in one line."""
    rows = [f"{criterion['title']} {criterion['points']}" for criterion in project.criteria]
    return "；".join([f"价格 {project.price_points}（低价优先法）", *rows])


def submissions(bids: Iterable[Bid], at: datetime | None, *, judged: bool) -> dict[str, Any]:
    """The bid extension: every bid that was opened, and their numbers."""
    there = list(bids)
    details = [
        {
            "id": f"bid-{bid.pk}",
            "date": moment(bid.sealed_at),
            "status": _bid_status(bid, judged),
            "tenderers": [reference(bid.provider.organization)],
            "value": money(bid.price),
        }
        for bid in there
    ]
    counts = {"bids": len(there), "bidders": len(there)}
    if judged:
        valid = [bid for bid in there if bid.status not in BidStatus.in_phase(REFUSED)]
        counts |= {"validBids": len(valid), "qualifiedBidders": len(valid)}
    return {
        "details": details,
        "statistics": [
            {"id": name, "measure": name, "date": moment(at), "value": count}
            for name, count in counts.items()
        ],
    }


def _bid_status(bid: Bid, judged: bool) -> str:
    """The status of a bid by the code list of the extension; ``pending`` before the evaluation."""
    if bid.price is None:
        return "disqualified"
    if not judged:
        return "pending"
    return "disqualified" if bid.status in BidStatus.in_phase(REFUSED) else "valid"


# --- award and contract -------------------------------------------------------------------


def award(project: Project, bid: Bid, entry: Entry, status: str) -> dict[str, Any]:
    """The award to one bid (a framework agreement has several)."""
    return {
        "id": award_id(bid),
        "title": project.title,
        "status": status,
        "date": moment(entry.at),
        "value": money(bid.price),
        "suppliers": [reference(bid.provider.organization)],
        "items": [
            item(
                line.item.item.code,
                line.item.item.name,
                line.item.item.unit,
                line.unit_price,
                line.item.quota,
            )
            for line in bid.lines.all()
        ],
        "contractPeriod": {"startDate": day(project.start_on), "endDate": end_of(project.end_on)},
        "relatedBid": f"bid-{bid.pk}",
        "documents": [
            {
                "id": f"{award_id(bid)}-notice",
                "documentType": "awardNotice",
                "title": project.title,
                "url": link(project.public_address),
                "datePublished": moment(entry.at),
                "format": "text/html",
                "language": "zh",
            }
        ],
    }


def award_id(bid: Bid) -> str:
    """The identifier of the award to a bid."""
    return f"award-{bid.pk}"


def award_of_contract(contract: Contract, signed: str) -> dict[str, Any]:
    """The award behind a contract without a purchase in the product."""
    return {
        "id": f"award-{contract.number}",
        "title": contract.title,
        "status": "active",
        "date": signed,
        "value": money(contract.signed_amount),
        "suppliers": [reference(contract.provider.organization)],
    }


def contract_section(
    contract: Contract, award: str, status: str, at: datetime, signed: datetime | None
) -> dict[str, Any]:
    """A contract with quantities, amount (CNY) and last day as they stood at ``at``."""
    quotas, amount, last = _as_of(contract, at)
    return {
        "id": contract.number,
        "awardID": award,
        "title": contract.title,
        "description": label(contract.get_method_display()),
        "status": status,
        "period": {"startDate": day(contract.start_on), "endDate": end_of(last)},
        "value": money(amount),
        "items": [
            item(line.item.code, line.item.name, line.item.unit, line.unit_price, quotas[line.pk])
            for line in contract.lines.all()
        ],
        "dateSigned": moment(signed),
    }


def _as_of(contract: Contract, at: datetime) -> tuple[dict[int, int], Decimal, date]:
    """Quotas by line key, amount (CNY) and last day at a moment, later amendments undone."""
    quotas = {line.pk: line.quota for line in contract.lines.all()}
    amount, last = contract.amount, contract.end_on
    for amendment in reversed(contract.amendments.all()):
        if _agreed_at(contract, amendment) > at:
            for line in amendment.lines:
                quotas[line["line"]] = line["before"]
            amount, last = amount - amendment.change, amendment.end_before
    return quotas, amount, last


def _agreed_at(contract: Contract, amendment: Amendment) -> datetime:
    """When the last side signed an amendment."""
    signed = [
        signature.at for signature in contract.signatures.all() if signature.amendment_id == amendment.pk
    ]
    return max(signed, default=amendment.created_at)


def amendment_section(amendment: Amendment, entry: Entry, release: str) -> dict[str, Any]:
    """What a supplementary agreement changed, and why."""
    changes = [
        f"{line['code']} {line['before']} → {line['after']} {line['unit']}" for line in amendment.lines
    ]
    if amendment.end_after != amendment.end_before:
        changes.append(f"{amendment.end_before} → {amendment.end_after}")
    return {
        "id": f"amendment-{amendment.pk}",
        "date": moment(entry.at),
        "rationale": amendment.why,
        "description": "；".join(changes),
        "releaseID": release,
    }


def transaction(invoice: Invoice, entry: Entry) -> dict[str, Any]:
    """A payment."""
    contract = invoice.contract
    return {
        "id": invoice.number,
        "date": moment(entry.at),
        "value": money(invoice.payable),
        "payer": reference(contract.buyer),
        "payee": reference(contract.provider.organization),
    }


def milestone_of(invoice: Invoice, entry: Entry) -> dict[str, Any]:
    """The acceptance of an invoice's work (验收)."""
    return {
        "id": f"acceptance-{invoice.number}",
        "title": f"验收 {invoice.number}",
        "type": "assessment",
        "status": "met",
        "dateMet": moment(entry.at),
    }


def last_day_milestone(contract: Contract, status: str, met: str | None = None) -> dict[str, Any]:
    """The end of the services."""
    return {
        "id": f"end-{contract.number}",
        "title": "服务期满",
        "type": "delivery",
        "status": status,
        "dueDate": end_of(contract.end_on),
        "dateMet": met,
    }
