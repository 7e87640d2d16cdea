"""Offers: a provider applies for an item, civil affairs decides."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from catalog.lifecycle import OFFER, OfferStatus
from catalog.models import Item, Offer
from foundation import moments
from foundation.refusals import Exhausted, Invalid, Refused
from foundation.roles import Actor
from organizations.lifecycle import Standing
from organizations.models import Provider


@OFFER.start("apply")
def apply(*, by: Actor, item: Item, places: int, price: Decimal, staff: str) -> Offer:
    """Apply for an item of the edition in force.

    ``price`` is CNY a unit, not over the ceiling. Raises ``Invalid`` and ``Refused``.
    """
    provider = Provider.objects.filter(organization_id=by.organization_id).first()
    if provider is None or provider.status != Standing.ACCREDITED:
        raise Refused(_("机构没有处于“已准入”状态,不能申报。"), rule="S27")
    if price > item.price_ceiling:
        message = _("不能超过最高限价 %(ceiling)s 元。") % {"ceiling": item.price_ceiling}
        raise Invalid(message, fields={"price": message}, rule="S25")
    live = Offer.objects.filter(
        item=item, provider=provider, status__in=[OfferStatus.APPLIED, OfferStatus.ACCEPTED]
    )
    if live.exists():
        message = _("您已申报过这个项目。")
        raise Invalid(message, fields={"item": message})
    return Offer.objects.create(
        item=item, provider=provider, places=places, price=price, staff=staff
    )


@OFFER.move("accept")
def accept(offer: Offer, *, by: Actor) -> None:
    """Open the offer to referrals."""


@OFFER.move("refuse")
def refuse(offer: Offer, *, by: Actor, reason: str) -> None:
    """Turn the application down, with reasons."""


@OFFER.move("update_places")
def update_places(offer: Offer, *, by: Actor, places: int) -> None:
    """Tell how many can be served at once; not fewer than are served now."""
    if places < offer.taken:
        message = _("正在服务 %(taken)s 户,名额不能少于这个数。") % {"taken": offer.taken}
        raise Invalid(message, fields={"places": message})
    offer.places, offer.places_at = places, moments.now()


@OFFER.move("withdraw")
def withdraw(offer: Offer, *, by: Actor, reason: str) -> None:
    """Offer no longer."""


def take_place(offer_id: int) -> None:
    """Take one place in one guarded statement; raises ``Exhausted`` when none is free."""
    taken = Offer.objects.filter(
        pk=offer_id, status=OfferStatus.ACCEPTED, taken__lt=F("places")
    ).update(taken=F("taken") + 1)
    if not taken:
        raise Exhausted(_("名额已满,不能再接受转介。请先更新空位。"), rule="S28")


def free_place(offer_id: int) -> None:
    """Give one place back."""
    Offer.objects.filter(pk=offer_id, taken__gt=0).update(taken=F("taken") - 1)
