"""Actions on offers (S27, S28): apply, accept or refuse, update places, renew, withdraw.

Referrals take and free places and stock here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.editions.models import Edition
from catalog.items.kinds import Funding
from catalog.items.models import Item
from catalog.offers import renewal
from catalog.offers.models import Offer, OfferDocument, both_sexes, common_language, working_week
from catalog.offers.states import OFFER, TO_REVIEW, OfferStatus
from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.personal_data import keys
from foundation.refusals import Exhausted, Invalid, NotNow, Refused, Words
from foundation.roles import Actor
from foundation.wording import figure, filled
from organizations.providers.events import open_work
from organizations.providers.models import Provider, read_lists


@OFFER.start("apply")
def apply(
    *,
    by: Actor,
    item: Item,
    places: int,
    weekly: int,
    price: Decimal,
    staff: str,
    weekdays: list[str] | None = None,
    opens_at: time = time(8, 30),
    closes_at: time = time(17, 30),
    speaks: list[str] | None = None,
    sexes: list[str] | None = None,
    stock: int | None = None,
    papers: Iterable[Any] = (),
) -> Offer:
    """Apply for an item of the edition in force.

    ``places`` are people served at once, ``weekly`` units of the item a week, ``price`` is CNY a unit and
    at most the ceiling; ``papers`` are uploaded files, stored encrypted. Raises ``Refused`` for a provider
    that is not in good standing, ``Invalid`` for an item that cannot be offered or is offered already, a
    price over the ceiling and hours in the wrong order.
    """
    if refused := not_in_good_standing(by):
        raise refused
    provider = Provider.objects.get(organization_id=by.organization)
    _require_open_to_providers(item)
    _require_within_ceiling(price, item)
    _require_hours_in_order(opens_at, closes_at)
    _require_charity_for_stock(stock, item)
    take_lock("catalog.offer", str(provider.pk), item.code)
    if Offer.objects.live().filter(item__code=item.code, provider=provider).exists():
        message = _("您已申报过这个项目。")
        raise Invalid(message, fields={"item": message})
    offer = Offer.objects.create(
        item=item,
        provider=provider,
        places=places,
        weekly=weekly,
        price=price,
        staff=staff,
        weekdays=weekdays or working_week(),
        opens_at=opens_at,
        closes_at=closes_at,
        speaks=speaks or common_language(),
        sexes=sexes or both_sexes(),
        stock=stock,
    )
    _store_papers(offer, papers)
    return offer


def not_in_good_standing(actor: Actor) -> Refused | None:
    """Why the provider of an actor cannot apply now."""
    own = Provider.objects.select_related("organization")
    provider = own.filter(organization_id=actor.organization).first()
    if provider is None:
        return Refused(gettext_lazy("您的机构没有登记为承接主体，不能申报。"), rule="S27")
    why_not = provider.why_not_in_good_standing()
    return Refused(filled(gettext_lazy("%(why)s，不能申报。"), why=why_not), rule="S27") if why_not else None


OFFER.barred["apply"] = not_in_good_standing


def _require_open_to_providers(item: Item) -> None:
    """Raise ``Invalid`` for an item that is not in force, or that departments pay out themselves."""
    if not item.edition.applies:
        message = _("这个项目不在施行中的目录里。")
        raise Invalid(message, fields={"item": message}, rule="S25")
    if item.funding == Funding.RELIEF_FUND:
        message = _("救助资金由部门直接发放，不由机构申报。")
        raise Invalid(message, fields={"item": message}, rule="102号令第十条")


def _require_within_ceiling(price: Decimal, item: Item) -> None:
    """Raise ``Invalid`` for a price over the item's ceiling (CNY)."""
    if price > item.price_ceiling:
        message = _("不能超过最高限价 %(ceiling)s 元。") % {"ceiling": figure(item.price_ceiling)}
        raise Invalid(message, fields={"price": message}, rule="S25")


def _require_charity_for_stock(stock: int | None, item: Item) -> None:
    """Raise ``Invalid`` for a stock, unless the item is a charity's own project (S30)."""
    if stock is not None and item.funding != Funding.CHARITY_PROJECT:
        message = _("政府购买的项目按合同数量，不用填这一项。")
        raise Invalid(message, fields={"stock": message}, rule="S30")


def _require_hours_in_order(opens_at: time, closes_at: time) -> None:
    """Raise ``Invalid`` for hours in the wrong order."""
    if closes_at <= opens_at:
        message = _("结束时间应晚于开始时间。")
        raise Invalid(message, fields={"closes_at": message})


def _store_papers(offer: Offer, papers: Iterable[Any]) -> None:
    """Store the files of an offer, encrypted."""
    OfferDocument.objects.bulk_create(
        OfferDocument(
            offer=offer,
            name=paper.name[-120:],
            kind=paper.kind,
            size=paper.size,
            sealed=keys.encrypt(paper.read(), "catalog_offerdocument.sealed"),
        )
        for paper in papers
    )


@OFFER.transition("accept")
def accept(offer: Offer, *, by: Actor) -> None:
    """Open the offer to referrals; raises ``Refused`` where a new edition has changed the item meanwhile."""
    edition = Edition.objects.in_force().first()
    if edition is None or offer.item.edition_id != edition.pk:
        raise Refused(_("目录已经换版，这个项目的条件有变。请不予通过，并请机构按新版申报。"), rule="S25")
    offer.changed_at = moments.now()


@accept.lacks
def without_good_standing(offers: Sequence[Offer]) -> dict[int, Refused]:
    """Why offers are not accepted: their provider is not in good standing."""
    providers = [offer.provider for offer in offers]
    read_lists(providers)
    prefetch_related_objects(providers, "organization")
    words = gettext_lazy("%(why)s，不能通过申报。")
    return {
        offer.pk: NotNow(filled(words, why=why_not), rule="S27", allowed=("refuse",))
        for offer in offers
        if (why_not := offer.provider.why_not_in_good_standing())
    }


@open_work.register
def waiting_for_review(provider: Provider) -> list[Offer]:
    """The offers of a provider that are accepted only while it is in good standing."""
    return list(Offer.objects.filter(provider=provider, status__in=OfferStatus.with_trait(TO_REVIEW)))


@OFFER.transition("refuse")
def refuse(offer: Offer, *, by: Actor, reason: str) -> None:
    """Refuse the application, with a reason."""
    offer.changed_at = moments.now()


@OFFER.transition("update_places")
def update_places(
    offer: Offer,
    *,
    by: Actor,
    places: int | None = None,
    step: int = 0,
    weekly: int | None = None,
    stock: int | None = None,
) -> None:
    """Set how many can be served at once, the units a week, and the charity's own stock.

    ``step`` is added to the places where ``places`` is ``None`` (the button of one tap). What is ``None``
    stays as it is; the figures count as updated now. Raises ``Invalid`` for fewer than are in use.
    """
    places = offer.places + step if places is None else places
    _require_places(offer, places)
    if weekly is not None:
        _require_weekly(offer, weekly)
    if stock is not None:
        _require_charity_for_stock(stock, offer.item)
        offer.stock = stock
    offer.places, offer.weekly = places, weekly if weekly is not None else offer.weekly
    offer.places_at = offer.changed_at = moments.now()


def _require_places(offer: Offer, places: int) -> None:
    """Raise ``Invalid`` for fewer places than are taken."""
    if places < offer.taken:
        message = _("正在服务 %(taken)s 户，名额不能少于这个数。") % {"taken": offer.taken}
        raise Invalid(message, fields={"places": message})


def _require_weekly(offer: Offer, weekly: int) -> None:
    """Raise ``Invalid`` for fewer units a week than are booked."""
    if weekly < offer.booked:
        message = _("本周已排 %(booked)s，不能少于这个数。") % {"booked": offer.booked}
        raise Invalid(message, fields={"weekly": message})


#: Why an offer is not renewed.
DROPPED_ITEM = gettext_lazy("这个项目已从目录中删除，合同期满后不再提供。")


@OFFER.transition("renew")
def renew(
    offer: Offer,
    *,
    by: Actor,
    places: int,
    weekly: int,
    price: Decimal,
    staff: str,
    confirmed: bool,
    papers: Iterable[Any] = (),
) -> None:
    """Agree to the item as the edition in force has it, at a price (CNY) within its ceiling.

    Raises ``Refused`` where the item has left the catalog, ``Invalid`` as ``apply`` and ``update_places``.
    """
    found = Item.objects.in_force().filter(code=offer.item.code).first()
    if found is None:
        raise Refused(DROPPED_ITEM, rule="S25")
    _require_within_ceiling(price, found)
    _require_places(offer, places)
    _require_weekly(offer, weekly)
    offer.item, offer.places, offer.weekly = found, places, weekly
    offer.price, offer.staff = price, staff
    offer.places_at = offer.changed_at = moments.now()
    _store_papers(offer, papers)


@renew.foreseen
def out_of_the_catalog(offers: Sequence[Offer]) -> dict[int, Refused]:
    """Why offers are not renewed: their item is not in the edition in force any more."""
    asked = Offer.objects.filter(pk__in=[offer.pk for offer in offers]).order_by()
    codes = dict(asked.values_list("pk", "item__code"))
    there = set(Item.objects.in_force().filter(code__in=codes.values()).values_list("code", flat=True))
    return {
        pk: Refused(DROPPED_ITEM, rule="S25", allowed=("withdraw",))
        for pk, code in codes.items()
        if code not in there
    }


@OFFER.transition("withdraw")
def withdraw(offer: Offer, *, by: Actor, reason: str) -> None:
    """Withdraw the offer."""
    offer.changed_at = moments.now()


def lock_offers(offer_ids: Iterable[int]) -> None:
    """Lock offers, in the order of their keys."""
    found = Offer.objects.select_for_update().filter(pk__in=list(offer_ids))
    list(found.order_by("pk").values_list("pk"))


def take_place(offer_id: int, *, weekly: int = 0, units: int = 0) -> None:
    """Take one place, ``weekly`` units of the week and ``units`` of a charity's stock.

    One guarded ``UPDATE``; raises ``Exhausted`` when one of them does not suffice.
    """
    taken = (
        Offer.objects.serving()
        .filter(pk=offer_id, taken__lt=F("places"))
        .filter(weekly__gte=F("booked") + weekly)
        .filter(Q(stock=None) | Q(stock__gte=units))
        .update(
            taken=F("taken") + 1,
            booked=F("booked") + weekly,
            stock=F("stock") - units,
            changed_at=moments.now(),
        )
    )
    if not taken:
        raise Exhausted(_why_not(offer_id, weekly, units), rule="S28")


def take_units(offer_id: int, units: int) -> None:
    """Take ``units`` of a charity's stock without a place; raises ``Exhausted``."""
    enough = Offer.objects.filter(Q(stock=None) | Q(stock__gte=units), pk=offer_id)
    if not enough.update(stock=F("stock") - units, changed_at=moments.now()):
        raise Exhausted(_why_not(offer_id, 0, units), rule="S28")


def _why_not(offer_id: int, weekly: int, units: int) -> Words:
    """The reason why an offer could not take more just now."""
    return why_full(Offer.objects.get(pk=offer_id), weekly, units) or NOT_NOW


#: What is said where no number explains it.
NOT_NOW = gettext_lazy("这项服务现在不能接受转介。")


def why_full(offer: Offer, weekly: int, units: int, *, live: bool = True) -> Words:
    """The reason why an offer cannot take more now; "" if it can.

    ``live`` says whether the public may count on it.
    """
    if offer.free < 1:
        return gettext_lazy("名额已满，不能再接受转介。请先更新空位。")
    if offer.booked + weekly > offer.weekly:
        words = gettext_lazy("本周的服务量已排满（还剩 %(left)s），不能再接受转介。")
        return filled(words, left=offer.weekly - offer.booked)
    if offer.stock is not None and offer.stock < units:
        words = gettext_lazy("自有资金或物资不足（还剩 %(left)s），不能再接受转介。")
        return filled(words, left=offer.stock)
    return "" if live else NOT_NOW


def free_place(offer_id: int, *, weekly: int = 0, units: int = 0) -> None:
    """Give one place back, with its weekly units and the unused part of the stock."""
    Offer.objects.filter(pk=offer_id, taken__gt=0, booked__gte=weekly).update(
        taken=F("taken") - 1, booked=F("booked") - weekly, stock=F("stock") + units, changed_at=moments.now()
    )


def to_renew(offer: Offer) -> renewal.Renewal | None:
    """What the edition in force has changed for an offer; ``None`` for nothing."""
    edition = Edition.objects.in_force().first()
    found = renewal.renewals_of([offer], edition) if edition else []
    return found[0] if found else None
