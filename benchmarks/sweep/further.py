"""Objects behind addresses that name them otherwise: by a signed token, or by what belongs to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catalog.editions.models import Edition
from foundation.documents.states import DocumentStatus
from foundation.lifecycle.phases import ENDED
from foundation.roles import Role
from procurement.ocds import processes
from procurement.supplier import dashboard
from referrals.answers import answering
from referrals.needs.states import NeedStatus
from referrals.offers import links
from referrals.offers.states import ReferralStatus

#: The values of a route's arguments for an object.
Values = Callable[[Any], dict[str, Any]]


def _last_part(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _by_code(obj: Any) -> dict[str, Any]:
    return {"code": obj.code}


def _by_key(obj: Any) -> dict[str, Any]:
    return {"pk": obj.pk}


def _in_edition(obj: Any) -> dict[str, Any]:
    return {"pk": obj.edition_id, "code": obj.code}


def _older_and(newer: Any) -> dict[str, Any]:
    return {"older": Edition.objects.order_by("pk")[0].pk, "newer": newer.pk}


@dataclass(frozen=True)
class Further:
    """The beginning of a route, the label of a model, the values, and which of its objects have such a page."""

    head: str
    model: str
    values: Values
    only: dict[str, Any] = field(default_factory=dict)


READY = {"status__in": DocumentStatus.in_phase(ENDED)}

FURTHER = (
    Further(
        "/organizations/<slug:code>",
        "organizations.Provider",
        lambda provider: _by_code(provider.organization),
    ),
    Further(
        "/funds/<int:pk>/<slug:account>",
        "contracts.BudgetLine",
        lambda line: {"pk": line.pk, "account": "spent"},
    ),
    Further("/donations/<int:pk>", "giving.Pool", _by_key),
    Further("/tenders/<str:number>", "procurement.Project", lambda project: {"number": project.number}),
    Further("/notices/rounds/<int:pk>", "evaluations.Round", _by_key),
    Further("/notices/exits/<int:pk>", "evaluations.Exit", _by_key),
    Further("/catalog/<int:edition>/", "catalog.Edition", lambda edition: {"edition": edition.pk}),
    Further("/catalog/difference/<int:older>/<int:newer>", "catalog.Edition", _older_and),
    Further("/api/v1/editions/<int:older>/difference/<int:newer>", "catalog.Edition", _older_and),
    Further("/editions/<int:pk>/items/<str:code>", "catalog.Item", _in_edition),
    Further("/editions/<int:pk>/headings/<str:code>", "catalog.Heading", _in_edition),
    Further("/api/v1/editions/<int:pk>/items/<str:code>", "catalog.Item", _in_edition),
    Further("/api/v1/editions/<int:pk>/headings/<str:code>", "catalog.Heading", _in_edition),
    Further("/documents/<str:code>", "foundation.Document", _by_code, READY),
    Further("/verify/<str:code>", "foundation.Document", _by_code, READY),
    Further("/api/v1/documents/<str:code>", "foundation.Document", _by_code, READY),
    Further("/clocks/<int:pk>", "foundation.Clock", _by_key, {"stopped_at": None}),
    Further(
        "/api/v1/clocks/<str:label>/<int:pk>",
        "referrals.Referral",
        lambda referral: {"label": referral._meta.label, "pk": referral.pk},
    ),
    Further(
        "/survey/<str:token>",
        "referrals.Need",
        lambda need: {"token": _last_part(answering.survey_address(need))},
        {"status": NeedStatus.FED_BACK},
    ),
    Further(
        "/answer/<str:token>",
        "referrals.Referral",
        lambda referral: {"token": _last_part(links.address(referral))},
        {"status": ReferralStatus.OFFERED},
    ),
    Further(
        "/desk/calendar/<str:token>",
        "organizations.Membership",
        lambda membership: {"token": dashboard.token_for(membership)},
        {"role": Role.COORDINATOR},
    ),
    Further(
        "/open-data/ocds/processes/<str:ocid>/<str:form>",
        "procurement.Project",
        lambda project: {"ocid": processes.ocid_of(project.number), "form": "record.json"},
    ),
    Further(
        "/open-data/ocds/extensions/bids/<path:name>",
        "procurement.Project",
        lambda _project: {"name": "extension.json"},
    ),
)
