"""The receipt for a gift, as a PDF."""

from __future__ import annotations

from typing import Any

from foundation.documents.making import DocumentKind, declare
from foundation.lifecycle.phases import DROPPED
from foundation.money import in_capitals
from foundation.roles import Actor
from giving.models import Gift
from giving.states import GiftStatus


def _receipt(gift: Gift) -> dict[str, Any]:
    """The data of the receipt; amounts in CNY."""
    worth = gift.pool.worth(gift.units)
    organization = gift.pool.provider.organization
    return {
        "number": gift.number,
        "charity": organization.name,
        "credit_code": organization.credit_code or "",
        "donor": gift.donor or "爱心人士（匿名）",
        "pool": gift.pool.name,
        "purpose": gift.pool.purpose,
        "units": gift.units,
        "unit": gift.pool.unit,
        "worth": worth,
        "capitals": in_capitals(worth),
        "wish": gift.wish,
        "on": gift.created_at,
        "voided": gift.status in GiftStatus.in_phase(DROPPED),
    }


def _may_read(gift: Gift, actor: Actor) -> bool:
    return Gift.objects.visible_to(actor).filter(pk=gift.pk).exists()


RECEIPT = declare(
    DocumentKind(
        key="gift-receipt",
        subject="giving.Gift",
        template="documents/gift_receipt.html",
        title=lambda gift: f"捐赠收据 {gift.number}",
        context=_receipt,
        may_read=_may_read,
    )
)
