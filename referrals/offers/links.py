"""Signed links, which expire, by which a small charity without an account answers an offer."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import moments
from foundation.deadlines.models import Clock
from foundation.messaging import sending, texts
from foundation.refusals import NotNow
from foundation.roles import Actor, Role
from organizations.people.models import Membership
from referrals.offers.models import Referral

SALT = "referrals.offer"


def needed(referral: Referral) -> bool:
    """Whether nobody of the provider can sign in to answer."""
    return (
        not Membership.objects.on(moments.today())
        .filter(role=Role.COORDINATOR, organization_id=referral.provider.organization_id)
        .exists()
    )


def address(referral: Referral) -> str:
    """The link of one offer; it is valid for this offer only, until its deadline."""
    token = signing.dumps([referral.pk, _moment(referral)], salt=SALT)
    return f"{settings.PUBLIC_ADDRESS}{reverse('offer-link', args=[token])}"


def _moment(referral: Referral) -> str:
    """When it was offered, so that a second offer has another link."""
    return referral.offered_at.isoformat() if referral.offered_at else ""


def read(token: str) -> Referral:
    """The referral that a link belongs to.

    Raises ``NotNow`` for a link that was changed or has expired, or whose offer was answered.
    """
    try:
        pk, offered_at = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotNow(_("链接不完整，请从短信里重新打开。")) from None
    referral = (
        Referral.objects.filter(pk=pk)
        .select_related("offer__item", "provider__organization", "need", "town", "line", "request_for_offers")
        .first()
    )
    if referral is None or _moment(referral) != offered_at:
        raise NotNow(_("这个链接已经失效。"))
    if not referral.awaits_an_answer:
        raise NotNow(_("这次转介已经答复或收回，谢谢您。"))
    running = Clock.objects.running_on([referral])[referral.pk]
    if not running or running[0].is_overdue():
        raise NotNow(_("答复时间已过，窗口会另选机构。谢谢您。"))
    return referral


def holder(referral: Referral, name: str = "") -> Actor:
    """The actor for whoever holds the link, who may only answer for the provider."""
    organization = referral.provider.organization
    return Actor(
        role=Role.COORDINATOR,
        name=name or _("链接答复"),
        organization_id=organization.pk,
        organization_name=organization.name,
    )


def send(referral: Referral) -> None:
    """Text the link to a provider that has no account."""
    if not needed(referral):
        return
    running = Clock.objects.running_on([referral])[referral.pk]
    words = texts.worded(
        "messages.referrals",
        "offer",
        town=referral.town,
        item=referral.offer.item.name,
        link=address(referral),
    )
    sending.send(
        referral.provider.organization.phone,
        words,
        about="referral-link",
        until=running[0].due_at if running else None,
    )
